"""The page of an email to signers: who gets it, as they will read it, and how far it has gone."""

from collections import Counter
from dataclasses import dataclass

from django.utils.translation import get_language, ngettext_lazy

from apps.core.language_names import language_name
from apps.core.territories import territory_name
from apps.core.text import joined
from apps.core.types import Label

from ..models import SignerReport
from ..selectors.reports import Audience, report_audience, report_figures, report_fingerprint, report_progress
from ..services.report_mails import report_mail_text, report_text_for

#: placeholder → what the number counts
FIGURES: dict[str, Label] = {
    "governments": ngettext_lazy("government that was sent the letter", "governments that were sent the letter"),
    "reached": ngettext_lazy("government that it reached", "governments that it reached"),
    "answered": ngettext_lazy("government that answered", "governments that answered"),
    "signatures": ngettext_lazy(
        "signature on the list that was sent last", "signatures on the list that was sent last"
    ),
}


@dataclass(frozen=True)
class ReportPreview:
    """The mail in one language, as it would leave. `readers`: also those without a text in their own language."""

    language: str
    name: str
    subject: str
    text: str
    readers: int


def report_context(report: SignerReport) -> dict[str, object]:
    """The template context, without forms."""
    is_draft = report.state == SignerReport.State.DRAFT
    figures = report_figures(report) if is_draft else report.figures
    audience = report_audience(report) if is_draft else None
    return {
        "report": report,
        "letter": report.letter,
        "audience": audience,
        "by_language": _by_language(report, audience) if audience else [],
        "countries": joined(sorted(territory_name(code, get_language() or "en") for code in report.countries)),
        "languages": joined(language_name(code) for code in report.languages),
        "previews": _previews(report, figures, audience.by_language if audience else {}),
        "progress": None if is_draft else report_progress(report),
        "seen": report_fingerprint(report, figures),
    }


def _by_language(report: SignerReport, audience: Audience) -> list[tuple[str, int, str]]:
    """(language of the readers, how many, the language in which they get it where there is no text in theirs)."""
    found = []
    for code, readers in audience.by_language.items():
        written = report_text_for(report, code).language
        found.append((language_name(code), readers, "" if written == code else language_name(written)))
    return found


def _previews(report: SignerReport, figures: dict[str, int], readers: dict[str, int]) -> list[ReportPreview]:
    found, get_it = [], Counter[str]()
    for code, number in readers.items():
        get_it[report_text_for(report, code).language] += number
    for text in report.texts.all():
        text.report = report
        subject, words = report_mail_text(text, figures)
        name = language_name(text.language)
        found.append(ReportPreview(text.language, name, subject, words, get_it[text.language]))
    return sorted(found, key=lambda preview: (-preview.readers, preview.language))


def figure_lines(figures: dict[str, int]) -> list[tuple[str, str, int]]:
    """(placeholder with braces, what it counts, the number now)."""
    return [(f"{{{name}}}", label % figures[name], figures[name]) for name, label in FIGURES.items() if name in figures]
