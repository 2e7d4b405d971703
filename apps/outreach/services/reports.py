"""Reports to signers who asked to hear: one person writes, another lets them go."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apps.accounts.models import User
from apps.campaigns.roles import Permission
from apps.campaigns.selectors import has_permission
from apps.coalitions.models import SignOn
from apps.core.audit import audit_record
from apps.core.errors import Conflict, DomainError
from apps.core.language_names import language_name
from apps.core.wakeups import wake
from apps.letters.models import Letter
from apps.postbox.models import Policy
from apps.postbox.services.queue import message_queue
from apps.postbox.transports.email_addresses import address_header

from ..models import SignerReport, SignerReportMail, SignerReportText
from ..selectors.letter_outcomes import letters_sent
from ..selectors.reports import report_audience, report_figures, report_fingerprint, report_readers
from .exceptions import NotEntitled, SecondPersonNeeded
from .report_mails import report_mail_text

BATCH = 2000


class NotSentYet(Conflict):
    default_message = _("This letter has not been sent, so there is nothing to report yet.")


class ReportClosed(Conflict):
    default_message = _("This report was authorised or stopped, so it cannot be changed. Reload the page.")


class ReportChanged(Conflict):
    default_message = _("Nothing was sent: the report or its figures have changed since you saw them. Read it again.")


class ReportOverwritten(Conflict):
    default_message = _(
        "Somebody else changed this report after you opened it. What you wrote is still below. Compare it with the "
        "report, then save again."
    )


class NobodyToTell(DomainError):
    default_message = _("Nobody who signed this letter and asked to hear can be reached.")


class TextMissing(DomainError):
    def __init__(self, languages: list[str]) -> None:
        message = _("Nothing was sent: some readers have no text in their language. Write it in: %(languages)s.")
        super().__init__(message % {"languages": ", ".join(map(language_name, languages))})


class ReadersDiffer(DomainError):
    def __init__(self, readers: int) -> None:
        super().__init__(
            ngettext(
                "Nothing was sent: %(n)d person gets this report now. Check it, then type %(n)d.",
                "Nothing was sent: %(n)d people get this report now. Check it, then type %(n)d.",
                readers,
            )
            % {"n": readers},
            field="typed_count",
        )


@transaction.atomic
def signer_report_save(
    *,
    letter: Letter,
    actor: User,
    texts: Mapping[str, tuple[str, str]],
    report: SignerReport | None = None,
    seen: str = "",
) -> SignerReport:
    """Write a report, {language: (subject, body)}, or change one that was not authorised. `seen` is the fingerprint of
    the texts that the form began with. Raises NotEntitled, NotSentYet, ReportClosed, ReportOverwritten."""
    campaign, now = letter.campaign, timezone.now()
    if not has_permission(campaign, actor, Permission.PREPARE):
        raise NotEntitled
    if not letters_sent(letter).exists():
        raise NotSentYet
    if report is None:
        report = SignerReport(campaign=campaign, letter=letter)
    else:
        report = report_locked(report)
        _check_draft(report)
        if seen != report_fingerprint(report, {}):
            raise ReportOverwritten
    report.sender_name, report.sender_address = campaign.sender_name, campaign.sender_address
    report.written_by, report.written_at = actor, now
    report.save()
    report.texts.all().delete()
    SignerReportText.objects.bulk_create(
        SignerReportText(report=report, language=language, subject=subject, body=body)
        for language, (subject, body) in texts.items()
    )
    audit_record(verb="signer_report.save", subject=report, actor=actor, letter=letter.number, languages=sorted(texts))
    return report


def report_locked(report: SignerReport) -> SignerReport:
    rows = SignerReport.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("campaign", "letter__campaign").get(pk=report.pk)


def _check_draft(report: SignerReport) -> None:
    if report.state != SignerReport.State.DRAFT:
        raise ReportClosed


@transaction.atomic
def signer_report_test(*, report: SignerReport, actor: User) -> int:
    """Mail the report in each of its languages to `actor`, with the figures of now. Returns how many mails. Raises
    NotEntitled, ReportClosed."""
    if not has_permission(report.campaign, actor, Permission.PREPARE):
        raise NotEntitled
    report = report_locked(report)
    _check_draft(report)
    figures, texts = report_figures(report.letter), list(report.texts.all())
    for text in texts:
        text.report = report
        subject, words = report_mail_text(text, figures)
        message_queue(
            kind="test", policy=Policy.REPEATABLE, to_address=actor.email,
            from_header=address_header(report.sender_name, report.sender_address),
            subject=f"[Test] {subject}", text_body=words, origin="outreach.report_test", origin_id=report.pk,
            campaign_id=report.campaign_id, language=text.language,
        )  # fmt: skip
    audit_record(verb="signer_report.test", subject=report, actor=actor, letter=report.letter.number)
    return len(texts)


@transaction.atomic
def signer_report_authorise(*, report: SignerReport, actor: User, typed_count: int, seen: str) -> SignerReport:
    """Fix the figures and the readers, and let workers send. `seen` is the fingerprint of what the person saw. Raises
    NotEntitled, SecondPersonNeeded, ReportClosed, ReportChanged, TextMissing, NobodyToTell, ReadersDiffer."""
    if not has_permission(report.campaign, actor, Permission.AUTHORISE):
        raise NotEntitled
    report = report_locked(report)
    _check_draft(report)
    if report.written_by_id == actor.pk:
        raise SecondPersonNeeded
    figures, audience = report_figures(report.letter), report_audience(report.letter)
    if seen != report_fingerprint(report, figures):
        raise ReportChanged
    if missing := set(audience.by_language) - {text.language for text in report.texts.all()}:
        raise TextMissing(sorted(missing))
    if not audience.total:
        raise NobodyToTell
    readers = _fix_readers(report)
    if typed_count != readers:
        raise ReadersDiffer(readers)
    report.state, report.figures = SignerReport.State.AUTHORISED, figures
    report.authorised_by, report.authorised_at = actor, timezone.now()
    report.save()
    audit_record(
        verb="signer_report.authorise", subject=report, actor=actor, letter=report.letter.number, readers=readers,
        prepared_by=report.written_by_id, sha256=seen,
    )  # fmt: skip
    wake("outreach")
    return report


def _fix_readers(report: SignerReport) -> int:
    """One row for each; of two authorising at once the second finds the report closed."""
    readers = SignOn.objects.filter(pk__in=report_readers(report.letter).values("pk")).order_by("pk")
    rows = [SignerReportMail(report=report, sign_on_id=pk) for pk in readers.values_list("pk", flat=True)]
    SignerReportMail.objects.bulk_create(rows, batch_size=BATCH)
    return len(rows)
