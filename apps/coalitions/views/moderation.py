"""The moderation queue and its decisions."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.campaigns.access import StaffRequest, staff_page
from apps.campaigns.roles import Permission
from apps.core.errors import DomainError

from ..forms.moderation import RejectForm
from ..models import SignOn
from ..pages.moderation import moderation_page
from ..selectors.sign_ons import campaign_sign_ons
from ..selectors.signatory_counts import signatory_counts
from ..services.moderation import sign_on_accept, sign_on_let_through, sign_on_reject, sign_on_verify


@staff_page(Permission.MODERATE)
@require_safe
def queue(request: StaffRequest) -> HttpResponse:
    """The queue, the oldest first, with the first one in detail."""
    return _page(request, None, RejectForm())


@staff_page(Permission.MODERATE)
@require_safe
def sign_on(request: StaffRequest, sign_on_id: int) -> HttpResponse:
    return _page(request, _sign_on(request, sign_on_id), RejectForm())


@staff_page(Permission.MODERATE)
@require_POST
def decide(request: StaffRequest, sign_on_id: int) -> HttpResponse:
    """Accept, reject, verify or let through, by the name of the button."""
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
    seen = request.POST.get("seen", "")
    if "accept" in request.POST:
        sign_on_accept(sign_on=chosen, actor=request.user, seen=seen)
        return _("Accepted. The name appears where its visibility allows.")
    if "verify" in request.POST:
        sign_on_verify(sign_on=chosen, actor=request.user, seen=seen)
        return _("Authority verified.")
    if "let_through" in request.POST:
        sign_on_let_through(sign_on=chosen, actor=request.user)
        return _("Let through. The link to confirm was sent.")
    if "reject" in request.POST:
        sign_on_reject(sign_on=chosen, actor=request.user, reason=form.cleaned_data["reason"])
        return _("Rejected. It no longer counts.")
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
