"""Prepare a mailing, change when it is sent, and send again what came back."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from apps.campaigns.access import StaffRequest, staff_page
from apps.campaigns.roles import Permission
from apps.coalitions.selectors.annexes import campaign_addenda
from apps.core.errors import DomainError
from apps.core.forms import submit
from apps.letters.selectors.letters import letter_addressees

from ..dispatch_forms import DespiteForm, PrepareForm, TermsForm
from ..models import Dispatch, Exclusion
from ..pages.dispatch_choice import Count, plan_count
from ..pages.dispatch_rows import stance_change_in_words
from ..selectors.dispatch_plan import dispatch_plan
from ..selectors.dispatches import campaign_dispatches, versions_to_send
from ..services.preparation import dispatch_prepare, dispatch_send_despite, dispatch_set_terms
from ..services.repetition import dispatch_repeat


@staff_page(Permission.PREPARE)
@require_http_methods(["GET", "HEAD", "POST"])
def prepare(request: StaffRequest) -> HttpResponse:
    """Choose a version and whom it goes to. `do=count` says what that gives and stores nothing; else the plan is
    stored."""
    form = PrepareForm(request.POST or None, campaign=request.campaign, asked=request.GET)
    counted, made, status = None, None, 200
    if request.POST.get("do") == "count":
        counted, status = submit(form, lambda: _count(request, form))
    else:
        made, status = submit(form, lambda: _prepare(request, form))
    if made:
        return redirect("outreach:dispatch", request.campaign.slug, made.pk)
    anything = versions_to_send(request.campaign).exists()
    context = {
        "form": form,
        "anything": anything,
        "count": counted,
        "choosing": form.is_bound or bool(request.GET.keys() - {"version"}),
    }
    return render(request, "outreach/prepare.html", context, status=status)


def _prepare(request: StaffRequest, form: PrepareForm) -> Dispatch:
    version = form.cleaned_data["version"]
    return dispatch_prepare(version=version, actor=request.user, criteria=form.criteria(), terms=form.terms())


def _count(request: StaffRequest, form: PrepareForm) -> Count:
    version = form.cleaned_data["version"]
    return plan_count(dispatch_plan(campaign=request.campaign, version=version, criteria=form.criteria()))


@staff_page(Permission.PREPARE)
@require_POST
def prepare_addendum(request: StaffRequest, annex_id: int) -> HttpResponse:
    """Compute who gets an addendum: those who got the letter. Nothing is sent yet."""
    addendum = get_object_or_404(campaign_addenda(request.campaign), pk=annex_id)
    made = dispatch_prepare(version=addendum.version, actor=request.user, addendum=addendum)
    return redirect("outreach:dispatch", request.campaign.slug, made.pk)


@staff_page(Permission.PREPARE)
@require_http_methods(["GET", "HEAD", "POST"])
def terms(request: StaffRequest, dispatch_id: int) -> HttpResponse:
    """When and how a prepared mailing is sent."""
    rows = campaign_dispatches(request.campaign).filter(state=Dispatch.State.PREPARED)
    found = get_object_or_404(rows, pk=dispatch_id)
    form = TermsForm(request.POST or None, campaign=request.campaign, dispatch=found)
    done, status = submit(form, lambda: dispatch_set_terms(dispatch=found, actor=request.user, terms=form.terms()))
    if done:
        messages.success(request, _("Saved. Whoever authorises the mailing sees these times."))
        return redirect("outreach:dispatch", request.campaign.slug, found.pk)
    return render(request, "outreach/terms.html", {"form": form, "dispatch": found}, status=status)


@staff_page(Permission.PREPARE)
@require_POST
def repeat(request: StaffRequest, dispatch_id: int) -> HttpResponse:
    """Prepare a small mailing of what came back and can be sent now; of one `recipient` only, if it is named."""
    found = get_object_or_404(campaign_dispatches(request.campaign), pk=dispatch_id)
    one = request.POST.get("recipient", "")
    try:
        made = dispatch_repeat(dispatch=found, actor=request.user, recipient_id=int(one) if one.isdecimal() else None)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("outreach:dispatch", request.campaign.slug, found.pk)
    messages.success(request, _("Prepared. A second person has to authorise it, as every mailing."))
    return redirect("outreach:dispatch", request.campaign.slug, made.pk)


@staff_page(Permission.PREPARE)
@require_http_methods(["GET", "HEAD", "POST"])
def despite(request: StaffRequest, dispatch_id: int, code: str) -> HttpResponse:
    """Send the frozen letter to a government whose position has changed since."""
    found = get_object_or_404(campaign_dispatches(request.campaign), pk=dispatch_id)
    member = next((one for one in letter_addressees(found.letter, found.version.frozen_on) if one.code == code), None)
    if member is None:
        raise Http404
    form = DespiteForm(request.POST if request.method == "POST" else None)
    done, status = submit(
        form,
        lambda: dispatch_send_despite(
            dispatch=found, actor=request.user, member=member, reason=form.cleaned_data["reason"]
        ),
    )
    if done:
        return redirect("outreach:dispatch", request.campaign.slug, found.pk)
    row = found.exclusions.filter(member=member, reason=Exclusion.Reason.STANCE_CHANGED).first()
    context = {
        "dispatch": found, "member": member, "form": form, "why": stance_change_in_words(row) if row else ""
    }  # fmt: skip
    return render(request, "outreach/despite.html", context, status=status)
