"""Frozen versions and their editions."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from apps.campaigns.access import staff_page
from apps.campaigns.roles import Permission

from ..models import Edition, LetterVersion
from ..rendering import render_html, render_pdf, render_text
from ..selectors import editions_of, envelope_preview, letterhead_of, recipient_shown
from .answers import pdf_response, text_response
from .asked import campaign_of, letter_or_404, number_asked, place_of

#: what the general edition is called in addresses
GENERAL = "general"


def _version_or_404(request: HttpRequest, letter_number: int, number: int) -> LetterVersion:
    letter = letter_or_404(request, letter_number)
    return get_object_or_404(letter.versions.select_related("frozen_by", "letter__campaign"), number=number)


@staff_page(Permission.READ)
def version(request: HttpRequest, letter_number: int, number: int) -> HttpResponse:
    found = _version_or_404(request, letter_number, number)
    editions = list(editions_of(found).defer("body"))
    context = {
        "letter": found.letter,
        "version": found,
        "editions": editions,
        "general": GENERAL,
        "governments": len({edition.member_id for edition in editions if edition.member_id}),
        "newest": not LetterVersion.objects.filter(letter=found.letter, number__gt=number).exists(),
    }
    return render(request, "letters/version.html", context)


def _edition_or_404(request: HttpRequest, letter_number: int, number: int, code: str, language: str) -> Edition:
    found = _version_or_404(request, letter_number, number)
    editions = found.editions.select_related("version__letter__campaign", "member").filter(language=language)
    return get_object_or_404(
        editions.filter(member__isnull=True) if code == GENERAL else editions.filter(member__code=code)
    )


def _envelope(request: HttpRequest, edition: Edition) -> dict[str, str]:
    campaign = campaign_of(request)
    recipient = None
    if edition.member:
        recipient = recipient_shown(campaign, edition.member, number_asked(request, "recipient"))
    names = place_of(request).may(Permission.SEE_CONTACTS)
    return envelope_preview(campaign, edition.member, recipient, language=edition.language, names=names)


@staff_page(Permission.READ)
def edition(request: HttpRequest, letter_number: int, number: int, code: str, language: str) -> HttpResponse:
    found = _edition_or_404(request, letter_number, number, code, language)
    context: dict[str, Any] = {
        "letter": found.version.letter,
        "version": found.version,
        "edition": found,
        "code": code,
        "html": render_html(found.body, _envelope(request, found), gaps=True),
    }
    return render(request, "letters/edition.html", context)


@staff_page(Permission.READ)
def edition_pdf(request: HttpRequest, letter_number: int, number: int, code: str, language: str) -> HttpResponse:
    found = _edition_or_404(request, letter_number, number, code, language)
    content = render_pdf(found.body, _envelope(request, found), None, letterhead_of(campaign_of(request)), gaps=True)
    return pdf_response(content, f"letter-{letter_number}-v{number}-{code}-{language}.pdf")


@staff_page(Permission.READ)
def edition_text(request: HttpRequest, letter_number: int, number: int, code: str, language: str) -> HttpResponse:
    found = _edition_or_404(request, letter_number, number, code, language)
    content = render_text(found.body, _envelope(request, found), gaps=True)
    return text_response(content, f"letter-{letter_number}-v{number}-{code}-{language}.txt")
