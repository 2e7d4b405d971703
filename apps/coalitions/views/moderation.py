"""The queue of signatures that wait for a person, and what that person decides."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.campaigns.access import StaffRequest, staff_page
from apps.campaigns.roles import Permission
from apps.core.errors import DomainError
from apps.core.site import site_url

from ..forms.moderation import RejectForm
from ..models import SignOn
from ..pages.moderation import moderation_page
from ..selectors.counts import signatory_counts
from ..selectors.sign_ons import campaign_sign_ons
from ..services.moderation import sign_on_accept, sign_on_let_through, sign_on_reject, sign_on_verify


@staff_page(Permission.MODERATE)
@require_safe
def queue(request: StaffRequest) -> HttpResponse:
    """Who waits, who waits longest first, with the first one's detail."""
    return _page(request, None, RejectForm())


@staff_page(Permission.MODERATE)
@require_safe
def sign_on(request: StaffRequest, sign_on_id: int) -> HttpResponse:
    """The queue, with the detail of one signature, which need not wait."""
    return _page(request, _sign_on(request, sign_on_id), RejectForm())


@staff_page(Permission.MODERATE)
@require_POST
def decide(request: StaffRequest, sign_on_id: int) -> HttpResponse:
    """Accept, reject, verify or let through: the name of the button that was pressed."""
    chosen = _sign_on(request, sign_on_id)
    form = RejectForm(request.POST if "reject" in request.POST else None)
    if form.is_bound and not form.is_valid():
        return _page(request, chosen, form, status=400)
    try:
        said = _decide(request, chosen, form)
    except DomainError as error:
        form = form if form.is_bound else RejectForm()
        return _page(request, _sign_on(request, sign_on_id), form, error=error, status=409)
    messages.success(request, said)
    if "verify" in request.POST:
        return redirect("sign_on:sign_on", request.campaign.slug, sign_on_id)
    return redirect("sign_on:moderate", request.campaign.slug)


def _decide(request: StaffRequest, chosen: SignOn, form: RejectForm) -> str:
    """Do what the button says; returns the sentence to show."""
    base_url = site_url()
    if "accept" in request.POST:
        sign_on_accept(sign_on=chosen, actor=request.user)
        return _("Accepted. The name appears where its visibility allows.")
    if "verify" in request.POST:
        sign_on_verify(sign_on=chosen, actor=request.user)
        return _("Authority verified.")
    if "let_through" in request.POST:
        sign_on_let_through(sign_on=chosen, actor=request.user, base_url=base_url)
        return _("Let through. The link to confirm is on its way.")
    if "reject" in request.POST:
        sign_on_reject(sign_on=chosen, actor=request.user, reason=form.cleaned_data["reason"], base_url=base_url)
        return _("Rejected. It is not counted any more.")
    raise DomainError(_("No button was pressed. Choose one."))


def _page(
    request: StaffRequest,
    chosen: SignOn | None,
    form: RejectForm,
    *,
    error: DomainError | None = None,
    status: int = 200,
) -> HttpResponse:
    shown = moderation_page(request.team_member, chosen, request.GET.get("page"))
    letter = shown.chosen.sign_on.letter if shown.chosen else None
    context = {"shown": shown, "counts": signatory_counts(letter) if letter else None, "form": form, "error": error}
    return render(request, "coalitions/moderation.html", context, status=status)


def _sign_on(request: StaffRequest, sign_on_id: int) -> SignOn:
    return get_object_or_404(campaign_sign_ons(request.campaign), pk=sign_on_id)
