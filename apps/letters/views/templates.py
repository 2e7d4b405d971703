"""The library of templates."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.campaigns.access import StaffRequest, staff_page
from apps.campaigns.roles import Permission
from apps.core.errors import DomainError
from apps.core.forms import submit

from ..models import LetterTemplate
from ..pages.compared_words import lines_in_words
from ..pages.template_library import shown_template, template_entries
from ..rendering import render_html
from ..selectors.letters import drafter_limits
from ..selectors.templates import letters_by_template_key, template_changes, template_texts
from ..services.templates import letter_template_archive, letter_template_create, letter_template_edit
from ..template_forms import NewTemplateForm, TemplateForm, described
from .lookups import envelope_for, letter_or_404


def _template_or_404(request: StaffRequest, template_id: int) -> LetterTemplate:
    templates = LetterTemplate.objects.filter(campaign=request.campaign).select_related("campaign", "from_letter")
    return get_object_or_404(templates, pk=template_id)


def _may_change(request: StaffRequest) -> bool:
    unlimited = drafter_limits(request.user, request.campaign) is None
    return request.team_member.may(Permission.DRAFT) and unlimited


@staff_page(Permission.READ)
@require_safe
def index(request: StaffRequest) -> HttpResponse:
    """?archived=1: those that are put aside."""
    archived = request.GET.get("archived") == "1"
    found = {each: template_entries(request.campaign, archived=each) for each in (False, True)}
    context = {
        "entries": found[archived],
        "archived": archived,
        "present_count": len(found[False]),
        "archived_count": len(found[True]),
    }
    return render(request, "letters/templates.html", context)


@staff_page(Permission.READ)
@require_safe
def template(request: StaffRequest, template_id: int) -> HttpResponse:
    """?member= is a code; empty for the general letter."""
    found = _template_or_404(request, template_id)
    shown = shown_template(found, request.GET.get("member"))
    context = {
        "template": found,
        "texts": template_texts(found),
        "shown": shown,
        "html": render_html(shown.body, envelope_for(request, shown.member, found.language), gaps=True),
        "letters": letters_by_template_key(request.campaign).get(found.key, 0),
        "may_change": _may_change(request),
    }
    return render(request, "letters/template.html", context)


@staff_page(Permission.DRAFT)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: StaffRequest, template_id: int) -> HttpResponse:
    found = _template_or_404(request, template_id)
    form = TemplateForm(request.POST if request.method == "POST" else None, initial=described(found))
    saved, status = submit(form, lambda: letter_template_edit(template=found, actor=request.user, **form.cleaned_data))
    if saved:
        messages.success(request, _("Saved."))
        return redirect("letters:template", request.campaign.slug, template_id)
    return render(request, "letters/template_edit.html", {"template": found, "form": form}, status=status)


@staff_page(Permission.DRAFT)
@require_POST
def archive(request: StaffRequest, template_id: int) -> HttpResponse:
    """POST back=1 brings it back."""
    found = _template_or_404(request, template_id)
    back = bool(request.POST.get("back"))
    try:
        letter_template_archive(template=found, actor=request.user, archived=not back)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        done = _("“%(title)s” is back.") if back else _("“%(title)s” is archived. No letter begins from it any more.")
        messages.success(request, done % {"title": found.title})
    return redirect("letters:templates", request.campaign.slug)


@staff_page(Permission.DRAFT)
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: StaffRequest, letter_number: int) -> HttpResponse:
    """Of a letter."""
    letter = letter_or_404(request, letter_number)
    form = NewTemplateForm(request.POST if request.method == "POST" else None, letter=letter)
    made, status = submit(form, lambda: letter_template_create(letter=letter, actor=request.user, **form.cleaned_data))
    if made:
        messages.success(request, _("The template is in the library. Letters can begin from it."))
        return redirect("letters:template", request.campaign.slug, made[0].pk)
    return render(request, "letters/template_create.html", {"letter": letter, "form": form}, status=status)


@staff_page(Permission.READ)
@require_safe
def origin(request: StaffRequest, letter_number: int) -> HttpResponse:
    """What the letter's template says otherwise since the letter began from it."""
    letter = letter_or_404(request, letter_number)
    context = {
        "letter": letter,
        "changes": template_changes(letter, lines_in_words(letter)),
        "began": letter.template_text,
    }
    return render(request, "letters/origin.html", context)
