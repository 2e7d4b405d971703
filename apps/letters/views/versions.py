"""Frozen versions and their editions."""

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from apps.campaigns.access import StaffRequest, staff_page
from apps.campaigns.roles import Permission
from apps.core.downloads import inline_response
from apps.core.registries import version_signings

from ..models import Edition, LetterVersion
from ..pages.version_differences import shown_difference
from ..rendering import campaign_letterhead, edition_verification_link, render_html, render_pdf, render_text
from ..selectors.editions import version_editions
from .lookups import envelope_for, letter_or_404

#: the general edition in URLs
GENERAL = "general"
PER_PAGE = 50


def _version_or_404(request: StaffRequest, letter_number: int, number: int) -> LetterVersion:
    letter = letter_or_404(request, letter_number)
    return get_object_or_404(letter.versions.select_related("frozen_by", "letter__campaign"), number=number)


@staff_page(Permission.READ)
def version(request: StaffRequest, letter_number: int, number: int) -> HttpResponse:
    found = _version_or_404(request, letter_number, number)
    editions = version_editions(found).defer("body")
    before = found.letter.versions.filter(number=found.number - 1).first()
    context = {
        "before": before,
        "difference": shown_difference(before, found) if before else None,
        "letter": found.letter,
        "version": found,
        "page": Paginator(editions, PER_PAGE).get_page(request.GET.get("page")),
        "general": GENERAL,
        "governments": editions.exclude(member=None).aggregate(n=Count("member", distinct=True))["n"],
        "signing": next(filter(None, (signing(found) for signing in version_signings.values())), None),
        "newest": not LetterVersion.objects.filter(letter=found.letter, number__gt=number).exists(),
    }
    return render(request, "letters/version.html", context)


def _edition_or_404(request: StaffRequest, letter_number: int, number: int, code: str, language: str) -> Edition:
    found = _version_or_404(request, letter_number, number)
    editions = found.editions.select_related("version__letter__campaign", "member").filter(language=language)
    return get_object_or_404(
        editions.filter(member__isnull=True) if code == GENERAL else editions.filter(member__code=code)
    )


@staff_page(Permission.READ)
def edition(request: StaffRequest, letter_number: int, number: int, code: str, language: str) -> HttpResponse:
    found = _edition_or_404(request, letter_number, number, code, language)
    context: dict[str, object] = {
        "letter": found.version.letter,
        "version": found.version,
        "edition": found,
        "code": code,
        "html": render_html(found.body, envelope_for(request, found.member, language, found.version.letter), gaps=True),
    }
    return render(request, "letters/edition.html", context)


@staff_page(Permission.READ)
def edition_pdf(request: StaffRequest, letter_number: int, number: int, code: str, language: str) -> HttpResponse:
    found = _edition_or_404(request, letter_number, number, code, language)
    envelope = envelope_for(request, found.member, language, found.version.letter)
    content = render_pdf(
        found.body, envelope, None, campaign_letterhead(request.campaign),
        proof=edition_verification_link(found, found.version, found.version.letter, request.campaign), gaps=True,
    )  # fmt: skip
    return inline_response(f"letter-{letter_number}-v{number}-{code}-{language}.pdf", content, "application/pdf")


@staff_page(Permission.READ)
def edition_text(request: StaffRequest, letter_number: int, number: int, code: str, language: str) -> HttpResponse:
    found = _edition_or_404(request, letter_number, number, code, language)
    content = render_text(found.body, envelope_for(request, found.member, language, found.version.letter), gaps=True)
    return inline_response(
        f"letter-{letter_number}-v{number}-{code}-{language}.txt", content.encode(), "text/plain; charset=utf-8"
    )
