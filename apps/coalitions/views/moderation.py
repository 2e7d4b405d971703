"""The queue of signatures that wait for a person, and what that person decides."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.campaigns.access import StaffRequest, staff_page
from apps.campaigns.roles import Permission
from apps.core.errors import DomainError

from ..domains import mail_domain
from ..forms import RejectForm
from ..models import SignOn
from ..selectors import checks_for, names_seen_by, queue_of, sign_on_in, signatory_counts
from ..services import sign_on_accept, sign_on_let_through, sign_on_reject, sign_on_verify

#: rows of the queue on one page; the rest moves up as they are decided
SHOWN = 50


@staff_page(Permission.MODERATE)
@require_safe
def queue(request: StaffRequest) -> HttpResponse:
    """Who waits, who waits longest first, with the first one's detail."""
    return _page(request, None, RejectForm())


@staff_page(Permission.MODERATE)
@require_safe
def sign_on(request: StaffRequest, sign_on_id: int) -> HttpResponse:
    """The queue, with the detail of one signature, which need not wait."""
    return _page(request, sign_on_in(request.campaign, sign_on_id), RejectForm())


@staff_page(Permission.MODERATE)
@require_POST
def decide(request: StaffRequest, sign_on_id: int) -> HttpResponse:
    """Accept, reject, verify or let through: the name of the button that was pressed."""
    chosen = sign_on_in(request.campaign, sign_on_id)
    form = RejectForm(request.POST if "reject" in request.POST else None)
    if form.is_bound and not form.is_valid():
        return _page(request, chosen, form, status=400)
    try:
        said = _decide(request, chosen, form)
    except DomainError as error:
        form = form if form.is_bound else RejectForm()
        return _page(request, sign_on_in(request.campaign, sign_on_id), form, error=error, status=409)
    messages.success(request, said)
    if "verify" in request.POST:
        return redirect("sign_on:sign_on", request.campaign.slug, sign_on_id)
    return redirect("sign_on:moderate", request.campaign.slug)


def _decide(request: StaffRequest, chosen: SignOn, form: RejectForm) -> str:
    """Do what the button says; returns the sentence to show."""
    base_url = request.build_absolute_uri("/")
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
    waiting = queue_of(request.campaign)
    rows = list(waiting[:SHOWN])
    if chosen is None and rows:
        chosen = sign_on_in(request.campaign, rows[0].pk)
    names = names_seen_by(request.team_member, [*rows, *([chosen] if chosen else [])])
    checks = checks_for([*rows, *([chosen] if chosen else [])])
    context = {
        "rows": [(row, names[row.pk], mail_domain(row.email), checks[row.pk]) for row in rows],
        "total": waiting.count(),
        "oldest": rows[0] if rows else None,
        "chosen": chosen,
        "chosen_name": names[chosen.pk] if chosen else "",
        "checks": checks[chosen.pk] if chosen else [],
        "twin": any(check.other for check in checks[chosen.pk]) if chosen else False,
        "counts": signatory_counts(chosen.letter) if chosen else None,
        "form": form,
        "error": error,
    }
    return render(request, "coalitions/moderation.html", context, status=status)
