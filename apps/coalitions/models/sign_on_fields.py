"""The rules for each field of a signature: who types, sees and may change it, and when it is deleted. Forms,
corrections, exports, the signer's download and erasure use this table; a test fails for a field that is missing. By
default a typed field is personal and shown to nobody."""

from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.types import Label

from .sign_ons import SignOn

#: prefix of what replaces an address hash
ERASED = "erased:"
type Kinds = frozenset[str]
NOBODY: Kinds = frozenset()
ORGANISATIONS: Kinds = frozenset({SignOn.Kind.ORGANISATION})
PEOPLE: Kinds = frozenset({SignOn.Kind.PERSON})
BOTH = ORGANISATIONS | PEOPLE


class Origin(Enum):
    TYPED = "typed"
    #: computed from what was typed, or from the form
    DERIVED = "derived"
    #: ids, states and dates
    RECORDED = "recorded"


class Part(Enum):
    ORGANISATION = "organisation"
    SIGNER = "signer"
    CHOICES = "choices"
    CONSENTS = "consents"


class Erased(Enum):
    KEPT = "kept"
    EMPTIED = "emptied"


@dataclass(frozen=True, kw_only=True)
class SignOnField:
    """One field of SignOn. Rules of type Kinds list the kinds of signers they apply to."""

    name: str
    origin: Origin
    #: whom the form asks for it
    asked_of: Kinds = NOBODY
    part: Part = Part.SIGNER
    label: Label = ""
    hint: Label = ""
    required: bool = True
    #: of a consent: the id of the sentence in `label`, which is stored with it. A new sentence gets a new id.
    wording: str = ""
    autocomplete: str = "off"
    #: full width in the form
    wide: bool = False
    #: about a person: deleted when the retention ends
    personal: Kinds = NOBODY
    #: shown in lists, so a change waits for a moderator
    public: Kinds = NOBODY
    correctable: Kinds = NOBODY
    #: its column in exported lists, "" for none
    exported: str = ""
    #: in the signer's own download
    downloaded: bool = True
    #: the value after erasure, or a rule
    erased: Erased | str = Erased.EMPTIED

    def empty_value(self) -> object:
        if not isinstance(self.erased, Erased):
            return self.erased
        field = SignOn._meta.get_field(self.name)
        assert isinstance(field, models.Field)  # the table names no reverse relation
        return None if field.null else field.get_default() if field.has_default() else ""


def _typed(name: str, **rules: Any) -> SignOnField:
    return SignOnField(name=name, origin=Origin.TYPED, **{"asked_of": BOTH, "personal": BOTH, **rules})


def _about_organisation(name: str, **rules: Any) -> SignOnField:
    defaults = {"asked_of": ORGANISATIONS, "part": Part.ORGANISATION, "personal": NOBODY, "correctable": ORGANISATIONS}
    return _typed(name, **{**defaults, **rules})


def _choice(name: str, **rules: Any) -> SignOnField:
    return _typed(name, **{"part": Part.CHOICES, "personal": NOBODY, "correctable": BOTH, **rules})


def _consent(name: str, **rules: Any) -> SignOnField:
    """A box that nobody ticks but the signer, and that the signer can clear at any time."""
    return _typed(name, **{"part": Part.CONSENTS, "required": False, "correctable": BOTH, **rules})


def _derived(name: str, **rules: Any) -> SignOnField:
    return SignOnField(name=name, origin=Origin.DERIVED, **rules)


def _recorded(name: str, **rules: Any) -> SignOnField:
    return SignOnField(name=name, origin=Origin.RECORDED, **{"erased": Erased.KEPT, **rules})


def _internal(name: str, **rules: Any) -> SignOnField:
    """An id or key that signers do not need."""
    return _recorded(name, **{"downloaded": False, **rules})


#: in the order in which forms ask and files list
FIELDS = [
    _about_organisation(
        "org_name", label=_("Name in its own language and script"), autocomplete="organization", wide=True,
        public=ORGANISATIONS, exported="name",
    ),
    _about_organisation(
        "org_name_english", label=_("Name in English"), required=False, public=ORGANISATIONS,
        exported="name_in_english",
    ),
    _about_organisation(
        "org_acronym", label=_("Acronym"), required=False, public=ORGANISATIONS, exported="acronym"
    ),
    _about_organisation("org_kind", label=_("Kind of organisation"), exported="kind"),
    _typed("person_name", label=_("Your name"), autocomplete="name", public=PEOPLE, correctable=BOTH),
    _typed(
        "person_post", label=_("Your position"), asked_of=ORGANISATIONS, autocomplete="organization-title",
        correctable=ORGANISATIONS,
    ),
    _about_organisation(
        "country", label=_("Country"), asked_of=BOTH, autocomplete="country", public=BOTH, correctable=BOTH,
        exported="country_code",
    ),
    _about_organisation(
        "org_website", label=_("Website"), required=False, autocomplete="url", public=ORGANISATIONS,
        exported="website",
    ),
    _about_organisation(
        "org_members", label=_("Number of members, roughly"), required=False, exported="members_represented"
    ),
    _typed(
        "email", label=_("Your email address"), autocomplete="email", wide=True,
        hint=_("We email you a link. Your signature counts once you confirm it with that link."),
    ),
    _typed(
        "authorised", label=_("I am authorised to sign for this organisation"), asked_of=ORGANISATIONS, wide=True,
        personal=NOBODY,
    ),
    _choice(
        "visibility", label=_("Who may see that you signed"), personal=PEOPLE, erased=SignOn.Visibility.COUNTED
    ),
    _consent("wants_answers", wording="answers-1", label=_("Email me what governments answer to this letter")),
    _consent("wants_letters", wording="letters-1", label=_("Email me when the campaign opens another letter")),
    _derived("consents", personal=BOTH),
    _derived("display_name", personal=PEOPLE, public=PEOPLE),
    _derived("name_key", personal=PEOPLE, downloaded=False),
    _derived("email_hash", personal=BOTH, downloaded=False),
    _derived("key_version", downloaded=False, erased=Erased.KEPT),
    _derived("language", erased=Erased.KEPT),
    *map(_recorded, ["kind", "state", "moderation", "authority_verified", "created_at", "updated_at"]),
    _recorded("confirmed_at", exported="signed_at_utc"),
    *map(_recorded, ["withdrawn_at", "reminded_at"]),
    # in a moderator's words, which may name people
    _recorded("moderation_reason", personal=BOTH, erased=Erased.EMPTIED),
    *map(_internal, ["id", "campaign", "call", "letter", "version"]),
    _internal("organisation", erased=Erased.EMPTIED),
    _internal("claimed_organisation", erased=Erased.EMPTIED),
    _internal("salt", personal=PEOPLE, erased=""),
    *map(_internal, ["expires_at", "moderated_by", "moderated_at"]),
]  # fmt: skip
TYPED = [field for field in FIELDS if field.origin is Origin.TYPED]
#: what a call may leave out of its form
OPTIONAL = {field.name: field for field in TYPED if field.asked_of and not field.required}
CONSENTS = [field for field in TYPED if field.part is Part.CONSENTS]
#: what a signature to a later version copies
CARRIED_ON = [field.name for field in FIELDS if field.origin is not Origin.RECORDED] + ["call", "version"]
DOWNLOADED = [field.name for field in FIELDS if field.downloaded]
EXPORTED = {field.name: field.exported for field in FIELDS if field.exported}


def typed_values(sign_on: SignOn) -> dict[str, Any]:
    return {field.name: getattr(sign_on, field.name) for field in TYPED}


def correctable(kind: str) -> set[str]:
    return {field.name for field in FIELDS if kind in field.correctable}


def public(kind: str) -> set[str]:
    """The fields that lists and exported files show of such a signer."""
    exported = {field.name for field in TYPED if field.exported and kind in field.asked_of}
    return exported | {field.name for field in FIELDS if kind in field.public}


def erased_values() -> dict[str, object]:
    return {field.name: field.empty_value() for field in FIELDS if field.erased is not Erased.KEPT}


def retention_values(kind: str) -> dict[str, object]:
    return {field.name: field.empty_value() for field in FIELDS if kind in field.personal}
