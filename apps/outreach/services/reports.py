"""Emails to signers who agreed to them: one person writes, another lets them go."""

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apps.accounts.models import User
from apps.campaigns.roles import Permission
from apps.campaigns.selectors import has_permission
from apps.core.audit import audit_record
from apps.core.errors import Conflict, DomainError
from apps.core.wakeups import wake
from apps.letters.models import Letter
from apps.postbox.models import Policy
from apps.postbox.services.queue import message_queue
from apps.postbox.transports.email_addresses import address_header

from ..models import SignerReport, SignerReportText
from ..models.reports import PER_HOUR
from ..selectors.reports import Consent, letters_for, report_audience, report_figures, report_fingerprint
from .exceptions import NotEntitled, SecondPersonNeeded
from .report_mails import report_mail_text


class NotSentYet(Conflict):
    default_message = _("This letter has not been sent, so there is nothing to report yet.")


class NotOpen(Conflict):
    default_message = _("This letter is not open for signature, so nobody can be asked to sign it.")


class ReportClosed(Conflict):
    default_message = _("This report was authorised or stopped, so it cannot be changed. Reload the page.")


class ReportChanged(Conflict):
    default_message = _("Nothing was sent: the report or its figures have changed since you saw them. Read it again.")


class ReportOverwritten(Conflict):
    default_message = _(
        "Somebody else changed this report after you opened it. What you wrote is still below. Compare it with the "
        "report, then save again."
    )


class NoRecipients(DomainError):
    default_message = _("Nobody who agreed to this email can be reached.")


class ReaderCountChanged(DomainError):
    def __init__(self, readers: int) -> None:
        super().__init__(
            ngettext(
                "Nothing was sent: %(n)d person gets this email now. Check it, then type %(n)d.",
                "Nothing was sent: %(n)d people get this email now. Check it, then type %(n)d.",
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
    consent: str = Consent.ANSWERS,
    report: SignerReport | None = None,
    seen: str = "",
    signers: str = "",
    countries: Iterable[str] = (),
    languages: Iterable[str] = (),
    per_hour: int = PER_HOUR,
) -> SignerReport:
    """Write a report, {language: (subject, body)}, or change one that was not authorised. `seen` is the fingerprint of
    what the form began with. Raises NotEntitled, NotSentYet, NotOpen, ReportClosed, ReportOverwritten."""
    campaign, now = letter.campaign, timezone.now()
    if not has_permission(campaign, actor, Permission.PREPARE):
        raise NotEntitled
    _check_letter(letter, report.consent if report is not None else consent)
    if report is None:
        report = SignerReport(campaign=campaign, letter=letter, consent=consent)
    else:
        report = report_locked(report)
        _check_draft(report)
        if seen != report_fingerprint(report, {}):
            raise ReportOverwritten
    report.sender_name, report.sender_address = campaign.sender_name, campaign.sender_address
    report.written_by, report.written_at = actor, now
    report.signers, report.countries, report.per_hour = signers, sorted(countries), per_hour
    report.languages = sorted(languages)
    report.save()
    report.writers.add(actor)
    report.texts.all().delete()
    SignerReportText.objects.bulk_create(
        SignerReportText(report=report, language=language, subject=subject, body=body)
        for language, (subject, body) in texts.items()
    )
    audit_record(verb="signer_report.save", subject=report, actor=actor, letter=letter.number, languages=sorted(texts))
    return report


def _check_letter(letter: Letter, consent: str) -> None:
    if letters_for(letter.campaign, consent).filter(pk=letter.pk).exists():
        return
    raise NotOpen if consent == Consent.LETTERS else NotSentYet


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
    figures, texts = report_figures(report), list(report.texts.all())
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
    """Fix the figures and the number of readers, and let workers queue and send. `seen` is the fingerprint of what the
    person saw. Raises NotEntitled, SecondPersonNeeded, ReportClosed, NotSentYet, NotOpen, ReportChanged, NoRecipients,
    ReaderCountChanged."""
    if not has_permission(report.campaign, actor, Permission.AUTHORISE):
        raise NotEntitled
    report = report_locked(report)
    _check_draft(report)
    if report.is_written_by(actor.pk):
        raise SecondPersonNeeded
    _check_letter(report.letter, report.consent)
    figures, audience = report_figures(report), report_audience(report)
    if seen != report_fingerprint(report, figures):
        raise ReportChanged
    if not audience.total:
        raise NoRecipients
    if typed_count != audience.total:
        raise ReaderCountChanged(audience.total)
    report.state, report.figures, report.readers = SignerReport.State.AUTHORISED, figures, audience.total
    report.authorised_by, report.authorised_at = actor, timezone.now()
    report.save()
    audit_record(
        verb="signer_report.authorise", subject=report, actor=actor, letter=report.letter.number,
        readers=audience.total, prepared_by=report.written_by_id, sha256=seen,
    )  # fmt: skip
    wake("outreach")
    return report
