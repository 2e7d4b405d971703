"""What signers read: the text in their language with its figures, why they get it, and how to stop it."""

import re
from collections.abc import Mapping

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.dateparse import parse_datetime
from django.utils.formats import number_format

from apps.coalitions.models import SignOn
from apps.coalitions.models.sign_on_fields import CONSENTS
from apps.core.interface_languages import interface_language
from apps.core.site_url import site_url
from apps.core.types import JsonObject

from ..models import SignerReport, SignerReportText
from ..selectors.reports import Consent, is_open, reachable

#: the name in `mail_composers`
COMPOSER = "outreach.report"
PLACEHOLDER = re.compile(r"\{(\w+)\}")
#: stands for the links of a signer where nobody in particular reads
EXAMPLE_TOKEN = "example"  # noqa: S105 – opens nothing


def report_text_for(report: SignerReport, language: str) -> SignerReportText:
    """The text in that language of the interface, or the first in an order that is the same for everybody."""
    texts = {text.language: text for text in report.texts.all()}
    wanted = [interface_language(language), *report.campaign.languages, *sorted(texts)]
    return next(texts[code] for code in wanted if code in texts)


def report_filled(text: str, figures: Mapping[str, int]) -> str:
    return PLACEHOLDER.sub(lambda found: number_format(figures[found[1]]) if found[1] in figures else found[0], text)


def report_mail_text(
    text: SignerReportText, figures: Mapping[str, int], sign_on: SignOn | None = None, token: str = EXAMPLE_TOKEN
) -> tuple[str, str]:
    """Subject and text; without a signature, as an example."""
    report = text.report
    with translation.override(text.language):
        context = {
            "campaign": report.campaign, "letter": report.letter, "sign_on": sign_on,
            "body": report_filled(text.body, figures), "consent": report.consent, **_consent(report.consent, sign_on),
            "letter_url": site_url(reverse("website:letter", args=[report.campaign.slug, report.letter.number])),
            "link": site_url(reverse("signing:manage", args=[token])), "stop_link": _stop_link(report.consent, token),
        }  # fmt: skip
        words = render_to_string("outreach/email/report.txt", context)
        return " ".join(report_filled(text.subject, figures).split()), words.strip() + "\n"


def _consent(consent: str, sign_on: SignOn | None) -> dict[str, object]:
    if sign_on is None:
        return {
            "sentence": next(field.label for field in CONSENTS if field.name == consent),
            "given_at": timezone.now(),
        }
    given = next(row for row in sign_on.consents if row["field"] == consent and not row["withdrawn_at"])
    return {"sentence": given["sentence"], "given_at": parse_datetime(given["given_at"])}


#: consent → page that takes it back
STOP = {Consent.ANSWERS: "signing:answers", Consent.LETTERS: "signing:letters"}


def _stop_link(consent: str, token: str) -> str:
    return site_url(reverse(STOP[Consent(consent)], args=[token]))


def report_mail_compose(origin_id: str, values: JsonObject) -> tuple[str, str, dict[str, str]] | None:
    """Subject, text and headers of a report that is about to leave. None where its reader agrees to it no more, it was
    stopped, or the letter that it says is open has closed. One press in the mail program takes the consent
    back (RFC 8058)."""
    reports = SignerReport.objects.filter(pk=values["report"], state=SignerReport.State.AUTHORISED)
    report = reports.select_related("campaign", "letter").prefetch_related("texts").first()
    sign_on = reachable(report).filter(pk=origin_id).select_related("letter").first() if report is not None else None
    if report is None or sign_on is None:
        return None
    if report.consent == Consent.LETTERS and not is_open(report.letter):
        return None
    text = report_text_for(report, sign_on.language)
    text.report = report
    subject, words = report_mail_text(text, report.figures, sign_on, values["token"])
    with translation.override(text.language):
        headers = {
            "List-Unsubscribe": f"<{_stop_link(report.consent, values['token'])}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
    return subject, words, headers
