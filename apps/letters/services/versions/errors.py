"""Why a letter cannot be frozen."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.errors import Conflict, DomainError
from apps.core.language_names import language_name
from apps.core.text import first_names, joined

from ...merge_fields import field_labels

#: names in a sentence; others are counted
MAX_NAMES = 5


class NotApproved(Conflict):
    """The texts in `languages` are not approved in their present form, and not left out."""

    def __init__(self, languages: list[str]) -> None:
        super().__init__(
            _(
                "Not approved since the last change: %(languages)s. A reviewer has to approve each text, or you leave "
                "it out."
            )
            % {"languages": joined(language_name(code) for code in languages)}
        )
        self.languages = languages


class OriginalLeftOut(DomainError):
    default_message = gettext_lazy("The text with which the letter began cannot be left out.")


class FactsMissing(DomainError):
    """Cited facts are withdrawn or missing. `facts`: their numbers or keys."""

    def __init__(self, facts: list[str]) -> None:
        super().__init__(
            _("The text cites facts that were withdrawn: %(facts)s. Replace them, then have the text approved again.")
            % {"facts": joined(facts)}
        )
        self.facts = facts


class ValuesMissing(DomainError):
    """Fields without a value and fallback: {key: [government]}."""

    def __init__(self, fields: dict[str, list[str]]) -> None:
        sentences = [
            _("“%(field)s” has no value for %(members)s, and no fallback.")
            % {"field": field_labels([key])[0], "members": first_names(names, MAX_NAMES)}
            for key, names in fields.items()
        ]
        super().__init__(" ".join(sentences))
        self.fields = fields


class PassagesLost(DomainError):
    """Passages for single governments stand at places that those no longer get. `members`: their names."""

    def __init__(self, members: list[str]) -> None:
        super().__init__(
            _("Passages written for %(members)s have lost their place in the text. Move or remove them first.")
            % {"members": first_names(members, MAX_NAMES)}
        )
        self.members = members


class NothingChanged(Conflict):
    """The last version is the same."""
