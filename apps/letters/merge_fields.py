"""The merge fields of letters, and their values.

`value(context)` gets `campaign`, `member` (None in the general edition), `day` (as of which names are meant) and
`language`; envelope fields also get `recipient` (or None), `names` (False hides people's names), `on` (the letter's
date) and `counts` (organisations, people, countries, by_country {code: number}; or None).
"""

from collections.abc import Callable, Mapping
from datetime import date
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.campaigns.models import Campaign
from apps.core.languages import language_for, primary_language
from apps.core.languages.base import IN, OF, TO, GenericRecipient
from apps.core.registries import MergeField, letter_counts, merge_fields
from apps.core.territories import territory_name
from apps.core.types import JsonObject
from apps.governments.models import Member, Recipient, names_language
from apps.governments.selectors import reference_day

from .models import Letter

type Context = JsonObject

#: fields without a value in the general edition
MEMBER_FIELDS = frozenset({"member.name", "member.of", "member.to", "member.in", "member.delegation", "member.capital"})


def member_name(context: Context) -> str:
    """The short name as of the day, with its article: "Kenya", "the Philippines", "Swaziland" before 2018."""
    member, language = context["member"], language_for(context["language"])
    if member is None:
        return language.general.country
    return language.in_sentence(member.code, _short_name(context))


def member_after(preposition: str) -> Callable[[Context], str]:
    """ "of Kenya", "du Kenya": the name with its article after OF, TO or IN."""

    def value(context: Context) -> str:
        member, language = context["member"], language_for(context["language"])
        if member is None:
            general = language.general
            return {OF: general.of_country, TO: general.to_country, IN: general.in_country}[preposition]
        return language.after_preposition(member.code, _short_name(context), preposition)

    return value


def _short_name(context: Context) -> str:
    """As of the day, without an article."""
    member, language = context["member"], language_for(context["language"])
    named = names_language(language.code) == language.code
    return member.name_on(context["day"], language.code) if named else territory_name(member.code, language.code)


def member_delegation(context: Context) -> str:
    """ "the delegation of Kenya", "la délégation du Kenya"; "your delegation" in languages without a pattern."""
    words = _general(context)
    if context["member"] is None or not words.delegation_of:
        return words.delegation
    return words.delegation_of.format(country=member_name(context), of=member_after(OF)(context))


def conference_dates(context: Context) -> str:
    campaign = context["campaign"]
    first, last = campaign.starts_on.isoformat(), campaign.ends_on.isoformat()
    return language_for(context["language"]).period(first, last)


def conference_opens(context: Context) -> str:
    return language_for(context["language"]).day(context["campaign"].starts_on)


def salutation(context: Context) -> str:
    """The recipient's own in the letter's language, which may contain a name; otherwise a general one."""
    recipient, words = context.get("recipient"), _general(context)
    if recipient is None:
        return words.salutation_all if context["member"] is None else words.salutation
    language = context["language"]
    own = recipient.salutation.get(language) or recipient.salutation.get(primary_language(language), "")
    return own if context.get("names", True) or not own else words.salutation


def recipient_name(context: Context) -> str:
    recipient = context.get("recipient")
    if recipient is None:
        return _general(context).recipient
    return recipient.name if context.get("names", True) else str(_("[name of the recipient]"))


def from_member(context: Context) -> str:
    return _general(context).some if context["member"] is None else str(_from_member(context))


def from_member_counted(context: Context) -> str:
    """ "3 signatories"; "some signatories" in the general edition."""
    language = language_for(context["language"])
    forms = language.signatures.signatories
    if context["member"] is None:
        return forms[-1].format(n=language.general.some)
    return language.count(forms, _from_member(context))


def _from_member(context: Context) -> int:
    by_country: Mapping[str, int] = getattr(context.get("counts"), "by_country", None) or {}
    return by_country.get(context["member"].code, 0)


def signatories_counted(context: Context) -> str:
    """ "287 organisations and 12 people", without a kind that nobody is of; "0 signatories"."""
    language = language_for(context["language"])
    organisations, people = _number(context, "organisations"), _number(context, "people")
    return language.signers(organisations, people) or language.count(language.signatures.signatories, 0)


def recipient_post(context: Context) -> str:
    return context["recipient"].post if context.get("recipient") else _general(context).recipient


def office_name(context: Context) -> str:
    return context["recipient"].office.name if context.get("recipient") else _general(context).office


def _count(*names: str) -> Callable[[Context], str]:
    return lambda context: str(sum(_number(context, name) for name in names))


def _number(context: Context, name: str) -> int:
    return int(getattr(context.get("counts"), name, 0))


def _campaign_text(field: str) -> Callable[[Context], str]:
    return lambda context: context["campaign"].text_in(field, context["language"])


def _general(context: Context) -> GenericRecipient:
    return language_for(context["language"]).general


FIELDS = [
    MergeField("member.name", _("Government’s country"), False, member_name),
    MergeField("member.of", _("“of” and the country"), False, member_after(OF)),
    MergeField("member.to", _("“to” and the country"), False, member_after(TO)),
    MergeField("member.in", _("“in” and the country"), False, member_after(IN)),
    MergeField("member.delegation", _("Delegation"), False, member_delegation),
    MergeField("member.capital", _("Capital"), False, lambda c: (c["member"] or _general(c)).capital),
    MergeField("conference.name", _("Conference"), False, _campaign_text("conference")),
    MergeField("conference.short", _("Conference, short"), False, _campaign_text("conference_short")),
    MergeField("conference.city", _("City of the conference"), False, _campaign_text("city")),
    MergeField("conference.dates", _("Dates of the conference"), False, conference_dates),
    MergeField("conference.opens", _("First day of the conference"), False, conference_opens),
    MergeField("campaign.name", _("Campaign’s name"), False, _campaign_text("name")),
    MergeField("body.name", _("Organisation that meets"), False, _campaign_text("body_name")),
    MergeField("recipient.salutation", _("Salutation"), True, salutation),
    MergeField("recipient.name", _("Recipient’s name"), True, recipient_name),
    MergeField("recipient.post", _("Recipient’s post"), True, recipient_post),
    MergeField("office.name", _("Office"), True, office_name),
    MergeField(
        "date", _("Date of the letter"), True, lambda c: language_for(c["language"]).day(c.get("on") or c["day"])
    ),
    MergeField("signatories.total", _("Number of signatories"), True, _count("organisations", "people")),
    MergeField("signatories.counted", _("Organisations and people, counted"), True, signatories_counted),
    MergeField("signatories.organisations", _("Number of organisations"), True, _count("organisations")),
    MergeField("signatories.people", _("Number of people"), True, _count("people")),
    MergeField("signatories.countries", _("Number of countries"), True, _count("countries")),
    MergeField("signatories.from_member", _("Signatories from the recipient’s country"), True, from_member),
    MergeField(
        "signatories.from_member_counted", _("Signatories from the country, counted"), True, from_member_counted
    ),
]
#: values that change until the letter leaves
SIGNATORY_FIELDS = frozenset(field.key for field in FIELDS if field.key.startswith("signatories."))


def register_fields() -> None:
    for field in FIELDS:
        merge_fields.register(field.key, field)


def envelope_keys() -> frozenset[str]:
    return frozenset(key for key, field in merge_fields.items() if field.envelope)


def field_values(context: Context, *, envelope: bool) -> dict[str, str]:
    """{key: value or ""} of all envelope fields, or of all others."""
    return {key: field.value(context) for key, field in merge_fields.items() if field.envelope is envelope}


def labelled_values(context: Context) -> dict[str, tuple[str, str]]:
    return {key: (str(field.label), field.value(context)) for key, field in merge_fields.items()}


def field_labels(keys: list[str]) -> list[str]:
    return [str(merge_fields[key].label) if key in merge_fields else key for key in keys]


def present_counts(letter: Letter) -> object:
    """The numbers of those who have signed the letter by now, for previews; None without any source of them."""
    return next((counts(letter) for counts in letter_counts.values()), None)


def envelope_values(
    campaign: Campaign,
    member: Member | None,
    recipient: Recipient | None = None,
    counts: object = None,
    *,
    language: str = "",
    on: date | None = None,
    names: bool = True,
) -> dict[str, str]:
    """{envelope field: value or ""} for one recipient; general words without one. `counts` of signatories: None is
    zero. `on`: the letter's date, by default today. `names=False`: for people who may not see contact data."""
    day = reference_day(campaign)
    context = {
        "campaign": campaign,
        "member": member,
        "recipient": recipient,
        "counts": counts,
        "language": language or (recipient.language if recipient else "") or "en",
        "day": day,
        "on": on or timezone.localdate(timezone=ZoneInfo(campaign.time_zone)),
        "names": names,
    }
    return field_values(context, envelope=True)
