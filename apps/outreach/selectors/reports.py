"""Emails to signers who agreed to them: who gets one, in which language, with which figures, and how far it is."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from apps.campaigns.models import Campaign
from apps.coalitions.models import SignOn, SignOnCall, SignOnQuerySet
from apps.core.interface_languages import interface_language
from apps.core.optimistic_locking import fingerprint
from apps.letters.models import Letter
from apps.postbox.models import Message, MessageState, Suppression

from ..models import Delivery, SignerReport
from .letter_outcomes import letter_figures, letters_sent

Consent = SignerReport.Consent
#: a worker still has to act
UNDERWAY = [*MessageState.WAITING, MessageState.FINAL]


def campaign_reports(campaign: Campaign) -> QuerySet[SignerReport]:
    rows = SignerReport.objects.filter(campaign=campaign).order_by("-id").prefetch_related("texts")
    return rows.select_related("campaign", "letter", "written_by", "authorised_by")


def letters_for(campaign: Campaign, consent: str) -> QuerySet[Letter]:
    """Those about which signers can be written to with that consent: letters that have left, or that are open."""
    sent = Delivery.objects.filter(dispatch__letter=OuterRef("pk"), message__accepted_at__isnull=False)
    now = timezone.now()
    open_now = SignOnCall.objects.filter(
        version__letter=OuterRef("pk"), opens_at__lte=now, closes_at__gt=now, closed_at=None
    )
    ready = Exists(sent if consent == Consent.ANSWERS else open_now)
    return Letter.objects.filter(ready, campaign=campaign).order_by("number")


def is_open(letter: Letter) -> bool:
    return letters_for(letter.campaign, Consent.LETTERS).filter(pk=letter.pk).exists()


def who_agreed(report: SignerReport) -> SignOnQuerySet:
    """Confirmed signatures with a standing consent, whose sentence is kept, as far as the report is meant for them. Who
    has signed a letter is not told that it is open."""
    given = [{"field": report.consent, "withdrawn_at": None}]
    rows = SignOn.objects.confirmed().filter(consents__contains=given, **{report.consent: True})
    if report.consent == Consent.ANSWERS:
        rows = rows.filter(letter=report.letter_id)
    else:
        signed = SignOn.objects.standing().filter(letter=report.letter_id, email_hash=OuterRef("email_hash"))
        rows = rows.filter(~Exists(signed), campaign=report.campaign_id)
    rows = rows.filter(kind=report.signers) if report.signers else rows
    rows = rows.filter(_reads_in(report.languages)) if report.languages else rows
    return rows.filter(country__in=report.countries) if report.countries else rows


def _reads_in(languages: Iterable[str]) -> Q:
    """Condition on SignOn: `interface_language` of its language is one of these."""
    chosen = reduce(or_, map(_is_or_begins_with, languages), Q())
    if settings.LANGUAGE_CODE not in languages:
        return chosen
    return chosen | ~reduce(or_, map(_is_or_begins_with, dict(settings.LANGUAGES)), Q())


def _is_or_begins_with(code: str) -> Q:
    return Q(language=code) | Q(language__startswith=f"{code}-")


def reachable(report: SignerReport) -> SignOnQuerySet:
    """Of those who agreed, without addresses that complained or from which our mail came back."""
    returned = Message.objects.filter(to_hash=OuterRef("email_hash"), state__in=MessageState.RETURNED)
    suppressed = Suppression.objects.filter(address_hash=OuterRef("email_hash"))
    return who_agreed(report).filter(~Exists(returned), ~Exists(suppressed))


def letters_to_announce(campaign: Campaign) -> list[Letter]:
    """Open letters of which signers of another one agreed to hear."""
    agreed = SignOn.objects.confirmed().filter(campaign=campaign, wants_letters=True).order_by()
    signed = set(agreed.values_list("letter_id", flat=True).distinct())
    return [letter for letter in letters_for(campaign, Consent.LETTERS) if signed - {letter.pk}]


def report_readers(report: SignerReport) -> SignOnQuerySet:
    """One signature for each address: who signed for two organisations reads the report once."""
    return reachable(report).order_by("email_hash", "id").distinct("email_hash")


def next_hash(report: SignerReport, most: int) -> str:
    """The hash up to which the next readers are to be queued, of at most so many signatures; "" at the end. In the
    order of an index, and without the conditions that need other tables: their number is unknown to the database."""
    rows = SignOn.objects.confirmed().filter(campaign=report.campaign_id, email_hash__gt=report.queued_to)
    rows = rows.filter(letter=report.letter_id) if report.consent == Consent.ANSWERS else rows
    hashes = rows.filter(**{report.consent: True}).order_by("email_hash").values_list("email_hash", flat=True)
    return max(hashes[:most], default="")


def readers_up_to(report: SignerReport, upto: str) -> list[SignOn]:
    """Those who had signed when it was authorised, and had no turn yet."""
    rows = _readers_left(report).filter(email_hash__gt=report.queued_to, email_hash__lte=upto)
    return list(rows.select_related("campaign", "call"))


def readers_passed_over(report: SignerReport, most: int) -> list[SignOn]:
    """At the end: those whose address changed under way, or the key of its hash."""
    return list(_readers_left(report).select_related("campaign", "call")[:most])


def _readers_left(report: SignerReport) -> SignOnQuerySet:
    queued = report.mails.filter(sign_on__email_hash=OuterRef("email_hash"))
    return report_readers(report).filter(~Exists(queued), confirmed_at__lte=report.authorised_at)


@dataclass(frozen=True)
class Audience:
    """`by_language` counts readers by the language of the interface in which they signed, `by_country` by the country
    of the signature. `unreachable`: addresses of those who agreed that get nothing."""

    by_language: dict[str, int]
    by_country: dict[str, int]
    unreachable: int

    @property
    def total(self) -> int:
        return sum(self.by_language.values())


def report_audience(report: SignerReport) -> Audience:
    readers = SignOn.objects.filter(pk__in=report_readers(report).values("pk")).order_by()
    by_language: Counter[str] = Counter()
    by_country: Counter[str] = Counter()
    for language, country, number in readers.values_list("language", "country").annotate(Count("pk")):
        by_language[interface_language(language)] += number
        by_country[country] += number
    agreed = who_agreed(report).order_by().aggregate(n=Count("email_hash", distinct=True))["n"]
    return Audience(dict(by_language.most_common()), dict(by_country.most_common()), agreed - by_language.total())


def report_figures(report: SignerReport) -> dict[str, int]:
    """{placeholder: number}; "signatures" are those on the list that was sent last. None of an open letter, whose
    numbers change while somebody reads them."""
    if report.consent == Consent.LETTERS:
        return {}
    last = letters_sent(report.letter).order_by("-message__accepted_at").select_related("dispatch__annex").first()
    annex = last.dispatch.annex if last is not None else None
    return {**letter_figures(report.letter), "signatures": annex.signatures if annex is not None else 0}


def report_fingerprint(report: SignerReport, figures: dict[str, int]) -> str:
    """What a page showed of it: sender, texts, to whom, and figures."""
    texts = {row.language: [row.subject, row.body] for row in report.texts.all()}
    sender = [report.sender_name, report.sender_address]
    meant = [report.consent, report.signers, *sorted(report.countries), *sorted(report.languages), report.per_hour]
    return fingerprint({"texts": texts, "sender": sender, "meant": meant, "figures": figures})


def report_allowance(report: SignerReport, now: datetime) -> int:
    """How many more may be queued by now at its pace: a minute's worth at once, then evenly."""
    if report.authorised_at is None:
        return 0
    minutes = 1 + (now - report.authorised_at).total_seconds() / 60
    return max(0, int(report.per_hour * minutes / 60) - report.mails.count())


def report_progress(report: SignerReport) -> dict[str, int]:
    """Numbers of readers: `total`, `sent`, `returned`, `doubt`, `waiting`, `left_out` (agree no more, or stopped)."""
    found: dict[str, int] = report.mails.aggregate(
        queued=Count("pk"),
        sent=Count("pk", filter=Q(message__state__in=MessageState.HANDED_OVER)),
        returned=Count("pk", filter=Q(message__state__in=MessageState.RETURNED)),
        doubt=Count("pk", filter=Q(message__state=MessageState.IN_DOUBT)),
        waiting=Count("pk", filter=Q(message__state__in=UNDERWAY)),
        left_out=Count("pk", filter=Q(message=None) | Q(message__state__in=["cancelled", "expired", "suppressed"])),
    )
    queued = found.pop("queued")
    rest = max(0, report.readers - queued)
    found["waiting" if report.state == SignerReport.State.AUTHORISED else "left_out"] += rest
    return {"total": max(report.readers, queued), **found}
