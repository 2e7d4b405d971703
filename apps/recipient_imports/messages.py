"""Reasons, kinds and fields in words, in the language of whoever looks."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .columns import BY_KEY

REASONS: dict[str, Any] = {
    "country_missing": gettext_lazy("The country is missing. Type its name or its two-letter code."),
    "country_unknown": gettext_lazy(
        "“%(value)s” is no member we know. Type its usual name, in English or another large language, "
        "or its two-letter code."),
    "country_no_member": gettext_lazy(
        "“%(value)s” is no member of the organisation, so no letter goes there. Leave the row "
        "out, or type the member that is meant."),
    "country_ambiguous": gettext_lazy(
        "“%(value)s” may mean more than one: %(members)s. Type the code of the one that is meant."),
    "office_missing": gettext_lazy("The office is missing. Type its name, for example: Ministry of Trade."),
    "post_missing": gettext_lazy("The post is missing. Type it, for example: Minister of Trade."),
    "address_missing": gettext_lazy("There is no mail address. Type one, or leave the row out."),
    "address_bad": gettext_lazy("“%(value)s” is no mail address. It needs a name, an @ and a domain."),
    "address_many": gettext_lazy("There are more than %(most)s mail addresses. Keep those that matter."),
    "kind_unknown": gettext_lazy("“%(value)s” is no kind of office. Type capital, mission, head, parliament or other."),
    "form_unknown": gettext_lazy("“%(value)s” is no form of address. Type masculine, feminine or unknown."),
    "language_unknown": gettext_lazy("“%(value)s” is no language that letters are written in. Type en, fr, es or ar."),
    "date_bad": gettext_lazy("“%(value)s” is no date. Type it as 2017-12-13 or 13.12.2017."),
    "date_future": gettext_lazy("%(value)s lies in the future. Type the day on which it was verified."),
    "too_long": gettext_lazy("The text has %(length)s characters; at most %(most)s are kept. Shorten it."),
    "twice": gettext_lazy(
        "Row %(row)s of the file is the same recipient. Leave one of them out, or say how they "
        "differ."),
}  # fmt: skip
WHY: dict[str, Any] = {
    "address": gettext_lazy("has the same mail address"),
    "elsewhere": gettext_lazy(
        "has this mail address, and is of another government. Add the row anyway, with the same address, or leave it "
        "out: a letter goes to an address once, whoever has it"
    ),
    "same": gettext_lazy("has the same office, post and name"),
    "name": gettext_lazy("has the same office and post, and a similar name"),
    "nameless": gettext_lazy("has the same office and post; only one of the two has a name"),
    "named": gettext_lazy("has the same name, in another office of this government"),
    "post": gettext_lazy("has the same office and name, and another post"),
    "retired": gettext_lazy("is not written to any more"),
}
KINDS: dict[str, Any] = {
    "refused": gettext_lazy("Refused"),
    "duplicate": gettext_lazy("Perhaps known"),
    "twin": gettext_lazy("Alike in the file"),
    "changed": gettext_lazy("Changed"),
    "added": gettext_lazy("Added"),
    "joined": gettext_lazy("Into another row"),
    "left": gettext_lazy("Left as it is"),
    "out": gettext_lazy("Left out"),
}


def reason_in_words(reason: Sequence[Any]) -> str:
    """The cause and the cure, with the names that are spelled similarly."""
    code, _field, params = reason
    said = str(REASONS[code]) % params
    if params.get("like"):
        said += " " + _("Similar: %(names)s.") % {"names": ", ".join(params["like"])}
    return said


def field_in_words(key: str) -> str:
    return str(BY_KEY[key].label) if key in BY_KEY else _("Written to")
