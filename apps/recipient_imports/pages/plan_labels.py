"""Labels of reasons, matches, kinds of rows and changes."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from apps.core.text import joined

from ..columns import COLUMNS, COLUMNS_BY_KEY, Reason
from ..columns.base import MESSAGES

REASONS: dict[str, str | Promise] = {
    "twice": gettext_lazy("Row %(row)s of the file is the same recipient. Leave one out, or say how they differ."),
    **MESSAGES,
    **{code: message for column in COLUMNS for code, message in column.messages.items()},
}
#: why a known recipient is offered for a row
MATCHES: dict[str, Promise] = {
    "address": gettext_lazy("has the same email address"),
    "elsewhere": gettext_lazy(
        "has this email address, but is of another government. Add the row with the same address, or leave it out: "
        "each address gets a letter only once"
    ),
    "same": gettext_lazy("has the same office, post and name"),
    "name": gettext_lazy("has the same office and post, and a similar name"),
    "nameless": gettext_lazy("has the same office and post; only one of the two has a name"),
    "named": gettext_lazy("has the same name, in another office of this government"),
    "post": gettext_lazy("has the same office and name, and another post"),
    "retired": gettext_lazy("no longer gets letters"),
}
KINDS: dict[str, Promise] = {
    "refused": pgettext_lazy("rows", "Refused"),
    "duplicate": pgettext_lazy("rows", "May be known"),
    "repeated": pgettext_lazy("rows", "Repeated in the file"),
    "changed": pgettext_lazy("rows", "Changed"),
    "added": pgettext_lazy("rows", "Added"),
    "merged": pgettext_lazy("rows", "Merged into another row"),
    "unchanged": pgettext_lazy("rows", "No change"),
    "skipped": pgettext_lazy("rows", "Left out"),
}
#: those that say what will happen, before the import
PLANNED_KINDS: dict[str, Promise] = KINDS | {
    "changed": gettext_lazy("To change"),
    "added": gettext_lazy("To add"),
    "merged": gettext_lazy("To merge into another row"),
}


def reason_text(reason: Reason) -> str:
    """The cause and what to do, with similar names if there are any."""
    code, _column, values = reason
    text = str(REASONS[code]) % values
    similar = values.get("like")
    if isinstance(similar, list) and similar:
        text += " " + _("Similar: %(names)s.") % {"names": joined(similar)}
    return text


def change_label(key: str) -> str:
    """The column that a change is about, a salutation in another language, or whether letters are sent."""
    if key in COLUMNS_BY_KEY:
        return str(COLUMNS_BY_KEY[key].label)
    kind, _underscore, language = key.partition("_")
    if kind == "salutation":
        return _("Salutation (%(language)s)") % {"language": language}
    return _("Gets letters")
