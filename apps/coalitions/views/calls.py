"""Open and close letters for signature, list signatures, hide all names."""

from collections import Counter

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.campaigns.access import StaffRequest, staff_page
from apps.campaigns.roles import Permission
from apps.core.errors import DomainError

from ..forms.calls import CallForm
from ..forms.moderation import FilterForm
from ..models import SignOn
from ..pages.sign_on_labels import STATES
from ..selectors.calls import campaign_calls, state_counts, versions_to_open
from ..selectors.sign_ons import campaign_sign_ons, names_visible_to
from ..selectors.signatory_counts import signatory_counts
from ..selectors.signatory_lists import hideable_name_count
from ..services.calls import names_hide, names_show, sign_on_call_close, sign_on_call_open

PER_PAGE = 50
#: the states that wait for a moderator
QUEUED = ("waiting", SignOn.State.HELD, SignOn.State.SUSPECT)
SHOW_OR_CHANGE = ["GET", "HEAD", "POST"]


@staff_page(Permission.READ)
@require_safe
def index(request: StaffRequest) -> HttpResponse:
    """Letters open for signature, and signatures filtered by ?state= and ?call=."""
    chosen = FilterForm(request.GET).values()
    counts = state_counts(request.campaign)
    calls = []
    for call in campaign_calls(request.campaign):
        numbers = counts.get(call.pk, {})
        calls.append((call, numbers, sum(numbers.get(state, 0) for state in QUEUED)))
    call_id = chosen["call"] if chosen["call"] in {call.pk for call, *_numbers in calls} else None
    sums: Counter[str] = Counter()
    for call, numbers, _to_check in calls:
        sums.update(numbers if call_id in (None, call.pk) else {})
    del sums["counted"]
    found = campaign_sign_ons(request.campaign, state=chosen["state"], call_id=call_id)
    page = Paginator(found, PER_PAGE).get_page(chosen["page"])
    context = {
        "calls": calls,
        "call_id": call_id,
        "state": chosen["state"],
        "filters": [
            (state, sums[state], STATES[state][2]) for state in STATES if sums[state] or state == chosen["state"]
        ],
        "all": sums.total(),
        "waiting": sum(to_check for _call, _numbers, to_check in calls),
        "can_open": versions_to_open(request.campaign).exists(),
        "page": page,
        "names": names_visible_to(request.team_member, page.object_list),
    }
    return render(request, "coalitions/index.html", context)


@staff_page(Permission.MANAGE)
@require_http_methods(SHOW_OR_CHANGE)
def open_call(request: StaffRequest) -> HttpResponse:
    versions = versions_to_open(request.campaign)
    initial = {"version": request.GET.get("version", "")}
    form = CallForm(request.POST or None, campaign=request.campaign, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            call = sign_on_call_open(actor=request.user, **form.call_values())
        except DomainError as error:
            form.add_error({"closes_at": "closes_day"}.get(error.field, error.field) or None, str(error))
        else:
            messages.success(request, _("Opened for signature. The public page now shows the form."))
            return redirect(f"{_index(request)}?call={call.pk}")
    context = {"form": form, "versions": versions, "earlier": campaign_calls(request.campaign)[:1]}
    return render(request, "coalitions/open.html", context, status=400 if form.errors else 200)


@staff_page(Permission.MANAGE)
@require_http_methods(SHOW_OR_CHANGE)
def close_call(request: StaffRequest, call_id: int) -> HttpResponse:
    call = get_object_or_404(campaign_calls(request.campaign), pk=call_id)
    if request.method == "POST":
        sign_on_call_close(call=call, actor=request.user)
        messages.success(request, _("Closed. Nobody can sign or confirm any more. The list stays."))
        return redirect(_index(request))
    context = {"call": call, "numbers": state_counts(request.campaign).get(call.pk, {})}
    return render(request, "coalitions/close.html", context)


@staff_page(Permission.MANAGE)
@require_http_methods(SHOW_OR_CHANGE)
def names(request: StaffRequest, call_id: int) -> HttpResponse:
    call = get_object_or_404(campaign_calls(request.campaign), pk=call_id)
    if request.method == "POST":
        if "hide" in request.POST:
            names_hide(call=call, actor=request.user)
            messages.success(request, _("All names of this letter are hidden. Counts are still shown."))
        elif "show" in request.POST:
            names_show(call=call, actor=request.user)
            messages.success(request, _("Names are shown again, as each signer chose."))
        return redirect(_index(request))
    context = {"call": call, "named": hideable_name_count(call.letter), "counts": signatory_counts(call.letter)}
    return render(request, "coalitions/names.html", context)


def _index(request: StaffRequest) -> str:
    return reverse("sign_on:index", args=[request.campaign.slug])
