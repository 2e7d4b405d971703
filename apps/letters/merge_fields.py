"""The merge fields of letters: which there are, and where each value comes from.

The context that `value(context)` gets: `campaign`; `member` (None in the general edition); `day` (as of which names
are meant); `language`; for envelope fields also `recipient` (None where it is not known), `names` (False hides
people's names), `on` (the letter's date) and `counts` (organisations, countries, by_country {code: number}; None
before anybody signed).
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core.registries import MergeField, merge_fields

from .words import day_in_words, general, span_in_words, with_article

type Context = dict[str, Any]

#: fields about the government: the general edition has none of them
MEMBER_FIELDS = frozenset({"member.name", "member.delegation", "member.capital"})


def member_name(context: Context) -> str:
    """The short name as of the day, with its article: "Kenya", "the Philippines", "Swaziland" before 2018."""
    member, language = context["member"], context["language"]
    if member is None:
        return general(language).name
    return with_article(member.code, member.name_on(context["day"], language), language)


def member_delegation(context: Context) -> str:
    """ "the delegation of Kenya". Other languages decline the name after "of", so there it is "your delegation"."""
    if context["member"] is None or context["language"][:2] != "en":
        return general(context["language"]).delegation
    return f"the delegation of {member_name(context)}"


def member_capital(context: Context) -> str:
    return context["member"].capital if context["member"] else general(context["language"]).capital


def conference_dates(context: Context) -> str:
    campaign = context["campaign"]
    return span_in_words(campaign.starts_on, campaign.ends_on, context["language"])


def salutation(context: Context) -> str:
    """The recipient's own in the letter's language. A general one while no recipient is known, and for those who may
    not see names, since a person's own may hold one ("Dear Ambassador …"); a missing one shows as missing to all."""
    recipient, words = context.get("recipient"), general(context["language"])
    if recipient is None:
        return words.salutation_all if context["member"] is None else words.salutation
    own = recipient.salutation.get(context["language"]) or recipient.salutation.get(context["language"][:2], "")
    return own if context.get("names", True) or not own else words.salutation


def recipient_name(context: Context) -> str:
    recipient = context.get("recipient")
    if recipient is None:
        return general(context["language"]).recipient
    return recipient.name if context.get("names", True) else str(_("[name of the recipient]"))


def recipient_post(context: Context) -> str:
    recipient = context.get("recipient")
    return recipient.post if recipient else general(context["language"]).recipient


def office_name(context: Context) -> str:
    recipient = context.get("recipient")
    return recipient.office.name if recipient else general(context["language"]).office


def letter_date(context: Context) -> str:
    return day_in_words(context.get("on") or context["day"], context["language"])


def organisations(context: Context) -> str:
    return str(getattr(context.get("counts"), "organisations", 0))


def countries(context: Context) -> str:
    return str(getattr(context.get("counts"), "countries", 0))


def from_member(context: Context) -> str:
    """How many signatories come from the recipient's country."""
    member = context["member"]
    if member is None:
        return general(context["language"]).some
    by_country: Mapping[str, int] = getattr(context.get("counts"), "by_country", None) or {}
    return str(by_country.get(member.code, 0))


FIELDS = [
    MergeField("member.name", _("Government’s country"), False, member_name),
    MergeField("member.delegation", _("Delegation"), False, member_delegation),
    MergeField("member.capital", _("Capital"), False, member_capital),
    MergeField("conference.name", _("Conference"), False, lambda context: context["campaign"].conference),
    MergeField("conference.short", _("Conference, short"), False, lambda context: context["campaign"].conference_short),
    MergeField("conference.city", _("City of the conference"), False, lambda context: context["campaign"].city),
    MergeField("conference.dates", _("Dates of the conference"), False, conference_dates),
    MergeField("campaign.name", _("Campaign’s name"), False, lambda context: context["campaign"].name),
    MergeField("body.name", _("Organisation that meets"), False, lambda context: context["campaign"].body_name),
    MergeField("recipient.salutation", _("Salutation"), True, salutation),
    MergeField("recipient.name", _("Recipient’s name"), True, recipient_name),
    MergeField("recipient.post", _("Recipient’s post"), True, recipient_post),
    MergeField("office.name", _("Office"), True, office_name),
    MergeField("date", _("Date of the letter"), True, letter_date),
    MergeField("signatories.organisations", _("Number of organisations"), True, organisations),
    MergeField("signatories.countries", _("Number of countries"), True, countries),
    MergeField("signatories.from_member", _("Signatories from the recipient’s country"), True, from_member),
]


def register_fields() -> None:
    """Called once, in AppConfig.ready."""
    for field in FIELDS:
        merge_fields.register(field.key, field)


def envelope_keys() -> frozenset[str]:
    """Fields that are filled per recipient when the letter is rendered."""
    return frozenset(key for key, field in merge_fields.items() if field.envelope)


def field_values(context: Context, *, envelope: bool) -> dict[str, str]:
    """{key: value or ""} of all envelope fields, or of all that are fixed at freezing."""
    return {key: field.value(context) for key, field in merge_fields.items() if field.envelope is envelope}


def labelled_values(context: Context) -> dict[str, tuple[str, str]]:
    """{key: (label, value)} of every field, for lists of fields and for finding what is missing."""
    return {key: (str(field.label), field.value(context)) for key, field in merge_fields.items()}


def field_labels(keys: list[str]) -> list[str]:
    """Labels for people, in the given order."""
    return [str(merge_fields[key].label) if key in merge_fields else key for key in keys]
