"""A point in one language: reading, writing, reviewing."""

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.campaigns.access import StaffRequest, staff_page
from apps.campaigns.roles import Permission
from apps.core.errors import DomainError
from apps.core.text import whole_number

from ..forms.points import TranslationForm
from ..models import TalkingPoint
from ..pages.point_languages import PointLanguage, further_languages, point_languages
from ..services.translations import translation_review, translation_save
from ..translated_words import translation_words
from ..translation_status import ORIGINAL, Status, is_complete, original_hash


def _point_or_404(request: StaffRequest, number: int) -> TalkingPoint:
    points = TalkingPoint.objects.prefetch_related("translations__reviewed_by")
    return get_object_or_404(points, campaign=request.campaign, number=number)


def _language_or_404(request: StaffRequest, point: TalkingPoint, code: str) -> PointLanguage:
    found = point_languages(request.campaign, point)
    for language in (*found, *further_languages(request.campaign, point)):
        if language.code == code:
            return language
    raise Http404


@staff_page(Permission.READ)
def translation(request: StaffRequest, number: int, language: str) -> HttpResponse:
    point = _point_or_404(request, number)
    return _page(request, point, _language_or_404(request, point, language))


@staff_page(Permission.DRAFT)
@require_POST
def translation_written(request: StaffRequest, number: int, language: str) -> HttpResponse:
    point = _point_or_404(request, number)
    shown = _language_or_404(request, point, language)
    form = _form(shown, request.POST)
    if not form.is_valid():
        return _page(request, point, shown, form=form, status=400)
    try:
        translation_save(
            point=point,
            language=language,
            actor=request.user,
            revision=whole_number(request.POST.get("revision", "")),
            original=request.POST.get("original", ""),
            **form.cleaned_data,
        )
    except DomainError as error:
        return _page(request, point, shown, form=form, error=str(error), status=error.status)
    messages.success(request, _("Saved as a draft. Somebody else reviews it."))
    return redirect("evidence:translation", request.campaign.slug, number, language)


@staff_page(Permission.REVIEW)
@require_POST
def translation_reviewed(request: StaffRequest, number: int, language: str) -> HttpResponse:
    point = _point_or_404(request, number)
    shown = _language_or_404(request, point, language)
    try:
        translation_review(
            point=point, language=language, actor=request.user, revision=whole_number(request.POST.get("revision", ""))
        )
    except DomainError as error:
        return _page(request, point, shown, error=str(error), status=error.status)
    messages.success(request, _("Marked as reviewed. It counts as a draft again when somebody changes it."))
    return redirect("evidence:translation", request.campaign.slug, number, language)


def _form(shown: PointLanguage, data: QueryDict | None = None) -> TranslationForm:
    initial = translation_words(shown.row) if shown.row else {}
    return TranslationForm(
        data, language=shown.code, direction=shown.direction, original=shown.original, initial=initial
    )


def _page(
    request: StaffRequest,
    point: TalkingPoint,
    shown: PointLanguage,
    *,
    form: TranslationForm | None = None,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    row = shown.row
    rows = {row.language: row for row in point.translations.all()}
    may = request.team_member.may
    context = {
        "point": point,
        "language": shown,
        "languages": point_languages(request.campaign, point),
        "form": form or _form(shown),
        "original_passage": rows[ORIGINAL].passage if ORIGINAL in rows and not shown.original else "",
        "original": original_hash(point, shown.code),
        "revision": row.revision if row else 0,
        "writes": may(Permission.DRAFT),
        "whole": row is not None and is_complete(row),
        "own": row is not None and request.user.pk in row.writers,
        "reviews": may(Permission.REVIEW) and shown.status == Status.DRAFT,
        "error": error,
    }
    return render(request, "talkingpoints/translation.html", context, status=status)
