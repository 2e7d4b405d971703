"""The page of a report to signers: who gets it, as they will read it, and how far it has gone."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from apps.core.language_names import language_name
from apps.core.types import Label

from ..models import SignerReport
from ..selectors.reports import report_audience, report_figures, report_fingerprint, report_progress
from ..services.report_mails import report_mail_text

#: placeholder → what the number counts
FIGURES: dict[str, Label] = {
    "governments": _("governments that were sent the letter"),
    "reached": _("of these, governments that it reached"),
    "answered": _("governments that answered"),
    "signatures": _("signatures on the list that was sent last"),
}


@dataclass(frozen=True)
class ReportPreview:
    """The mail in one language, as it would leave."""

    language: str
    name: str
    subject: str
    text: str
    readers: int


def report_context(report: SignerReport) -> dict[str, object]:
    """The template context, without forms."""
    is_draft = report.state == SignerReport.State.DRAFT
    figures = report_figures(report.letter) if is_draft else report.figures
    audience = report_audience(report.letter) if is_draft else None
    written = {text.language for text in report.texts.all()}
    missing = [code for code in audience.by_language if code not in written] if audience else []
    return {
        "report": report,
        "letter": report.letter,
        "audience": audience,
        "by_language": [(language_name(code), n) for code, n in audience.by_language.items()] if audience else [],
        "missing": [language_name(code) for code in missing],
        "previews": _previews(report, figures, audience.by_language if audience else {}),
        "progress": None if is_draft else report_progress(report),
        "seen": report_fingerprint(report, figures),
    }


def _previews(report: SignerReport, figures: dict[str, int], readers: dict[str, int]) -> list[ReportPreview]:
    found = []
    for text in report.texts.all():
        text.report = report
        subject, words = report_mail_text(text, figures)
        name = language_name(text.language)
        found.append(ReportPreview(text.language, name, subject, words, readers.get(text.language, 0)))
    return sorted(found, key=lambda preview: (-preview.readers, preview.language))


def figure_lines(figures: dict[str, int]) -> list[tuple[str, Label, int]]:
    """(placeholder with braces, what it counts, the number now)."""
    return [(f"{{{name}}}", label, figures[name]) for name, label in FIGURES.items()]
