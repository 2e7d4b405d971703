"""Reports to signers: who gets one, in which language, with which figures, and how far it has gone."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from apps.campaigns.models import Campaign
from apps.coalitions.models import SignOn, SignOnQuerySet
from apps.core.interface_languages import interface_language
from apps.core.optimistic_locking import fingerprint
from apps.letters.models import Letter
from apps.postbox.models import Message, MessageState, Suppression

from ..models import Delivery, SignerReport, SignerReportMail
from .letter_outcomes import letter_figures, letters_sent

CONSENT = "wants_answers"
#: a worker still has to act
UNDERWAY = [*MessageState.WAITING, MessageState.FINAL]


def campaign_reports(campaign: Campaign) -> QuerySet[SignerReport]:
    rows = SignerReport.objects.filter(campaign=campaign).order_by("-id").prefetch_related("texts")
    return rows.select_related("campaign", "letter", "written_by", "authorised_by")


def letters_to_report(campaign: Campaign) -> QuerySet[Letter]:
    """Those that have left."""
    sent = Delivery.objects.filter(dispatch__letter=OuterRef("pk"), message__accepted_at__isnull=False)
    return Letter.objects.filter(Exists(sent), campaign=campaign).order_by("number")


def who_asked(letter: Letter) -> SignOnQuerySet:
    """Confirmed signatures with a standing consent, whose sentence is kept."""
    given = [{"field": CONSENT, "withdrawn_at": None}]
    return SignOn.objects.confirmed().filter(letter=letter, consents__contains=given, **{CONSENT: True})


def reachable(letter: Letter) -> SignOnQuerySet:
    """Of those who asked, without addresses that complained or from which our mail came back."""
    returned = Message.objects.filter(to_hash=OuterRef("email_hash"), state__in=MessageState.RETURNED)
    suppressed = Suppression.objects.filter(address_hash=OuterRef("email_hash"))
    return who_asked(letter).filter(~Exists(returned), ~Exists(suppressed))


def report_readers(letter: Letter) -> SignOnQuerySet:
    """One signature for each address: who signed for two organisations reads the report once."""
    return reachable(letter).order_by("email_hash", "id").distinct("email_hash")


@dataclass(frozen=True)
class Audience:
    """`by_language` counts readers by the language of the interface in which they signed. `unreachable`: addresses of
    those who asked that get nothing."""

    by_language: dict[str, int]
    unreachable: int

    @property
    def total(self) -> int:
        return sum(self.by_language.values())


def report_audience(letter: Letter) -> Audience:
    readers = SignOn.objects.filter(pk__in=report_readers(letter).values("pk")).order_by()
    by_language: Counter[str] = Counter()
    for language, number in readers.values_list("language").annotate(Count("pk")):
        by_language[interface_language(language)] += number
    asked = who_asked(letter).order_by().aggregate(n=Count("email_hash", distinct=True))["n"]
    return Audience(dict(by_language.most_common()), asked - by_language.total())


def report_figures(letter: Letter) -> dict[str, int]:
    """{placeholder: number}; "signatures" are those on the list that was sent last."""
    last = letters_sent(letter).order_by("-message__accepted_at").select_related("dispatch__annex").first()
    annex = last.dispatch.annex if last is not None else None
    return {**letter_figures(letter), "signatures": annex.signatures if annex is not None else 0}


def report_fingerprint(report: SignerReport, figures: dict[str, int]) -> str:
    """What a page showed of it: sender, texts and figures."""
    texts = {row.language: [row.subject, row.body] for row in report.texts.all()}
    sender = [report.sender_name, report.sender_address]
    return fingerprint({"texts": texts, "sender": sender, "figures": figures})


def mails_left(report: SignerReport) -> QuerySet[SignerReportMail]:
    return report.mails.filter(message=None, skipped=False)


def report_progress(report: SignerReport) -> dict[str, int]:
    """Numbers of readers: `total`, `sent`, `returned`, `doubt`, `waiting`, `left_out` (asked no more, or stopped)."""
    return report.mails.aggregate(
        total=Count("pk"),
        sent=Count("pk", filter=Q(message__state__in=MessageState.HANDED_OVER)),
        returned=Count("pk", filter=Q(message__state__in=MessageState.RETURNED)),
        doubt=Count("pk", filter=Q(message__state=MessageState.IN_DOUBT)),
        waiting=Count("pk", filter=Q(message__state__in=UNDERWAY) | Q(message=None, skipped=False)),
        left_out=Count("pk", filter=Q(skipped=True) | Q(message__state__in=["cancelled", "expired", "suppressed"])),
    )
