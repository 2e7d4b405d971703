"""Webhooks of a campaign: add, check, pause, and look at what became of each event."""

import json
from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from apps.campaigns.access import StaffRequest, staff_page
from apps.campaigns.roles import Permission
from apps.core.forms import submit
from apps.core.messages import try_and_tell

from .forms import EndpointForm, ResendForm
from .models import Endpoint, EventDelivery
from .selectors import campaign_endpoints, deliveries_to_resend, endpoint_log
from .services.claims import event_payload
from .services.endpoints import (
    endpoint_change,
    endpoint_create,
    endpoint_delete,
    endpoint_pause,
    endpoint_resume,
    endpoint_secret_rotate,
)
from .services.resending import deliveries_resend, delivery_resend, endpoint_test

ROWS = 50


def _endpoint(request: StaffRequest, endpoint_id: int) -> Endpoint:
    return get_object_or_404(campaign_endpoints(request.campaign), pk=endpoint_id)


def _back(request: StaffRequest, endpoint: Endpoint) -> HttpResponse:
    return redirect("webhook_endpoints:endpoint", request.campaign.slug, endpoint.pk)


@staff_page(Permission.MANAGE)
def index(request: StaffRequest) -> HttpResponse:
    return render(request, "webhooks/index.html", {"endpoints": campaign_endpoints(request.campaign)})


@staff_page(Permission.MANAGE)
def new(request: StaffRequest) -> HttpResponse:
    """POST creates one and shows its secret at once: a redirect would have to store it."""
    form = EndpointForm(request.POST if request.method == "POST" else None)
    created, status = submit(
        form, lambda: endpoint_create(campaign=request.campaign, actor=request.user, **form.cleaned_data)
    )
    if created:
        return render(request, "webhooks/secret.html", {"endpoint": created, "created": True})
    return render(request, "webhooks/new.html", {"form": form}, status=status)


@staff_page(Permission.MANAGE)
def endpoint(request: StaffRequest, endpoint_id: int) -> HttpResponse:
    found = _endpoint(request, endpoint_id)
    state = request.GET.get("state", "")
    state = state if state in EventDelivery.State.values else ""
    page = Paginator(endpoint_log(found, state), ROWS).get_page(request.GET.get("page"))
    context = {"endpoint": found, "page": page, "state": state, "states": EventDelivery.State.choices}
    return render(request, "webhooks/endpoint.html", context)


@staff_page(Permission.MANAGE)
def edit(request: StaffRequest, endpoint_id: int) -> HttpResponse:
    found = _endpoint(request, endpoint_id)
    initial = {"name": found.name, "url": found.readable_url, "events": found.events}
    form = EndpointForm(request.POST if request.method == "POST" else None, initial=initial)
    saved, status = submit(form, lambda: endpoint_change(endpoint=found, actor=request.user, **form.cleaned_data))
    if saved:
        messages.success(request, _("Webhook saved."))
        return _back(request, found)
    return render(request, "webhooks/edit.html", {"form": form, "endpoint": found}, status=status)


@staff_page(Permission.MANAGE)
def secret(request: StaffRequest, endpoint_id: int) -> HttpResponse:
    """GET says what will happen; POST makes a new secret and shows it at once."""
    found, made = _endpoint(request, endpoint_id), request.method == "POST"
    if made:
        found = endpoint_secret_rotate(endpoint=found, actor=request.user)
    return render(request, "webhooks/secret.html" if made else "webhooks/secret_new.html", {"endpoint": found})


@staff_page(Permission.MANAGE)
def delete(request: StaffRequest, endpoint_id: int) -> HttpResponse:
    found = _endpoint(request, endpoint_id)
    if request.method == "POST":
        endpoint_delete(endpoint=found, actor=request.user)
        messages.success(request, _("“%(name)s” is deleted. Nothing is sent to it any more.") % {"name": found.name})
        return redirect("webhook_endpoints:index", request.campaign.slug)
    return render(request, "webhooks/delete.html", {"endpoint": found})


@staff_page(Permission.MANAGE)
@require_POST
def test(request: StaffRequest, endpoint_id: int) -> HttpResponse:
    found = _endpoint(request, endpoint_id)
    done = _("A test is on its way. Reload this page in a few seconds to see whether it arrived.")
    try_and_tell(request, lambda: endpoint_test(endpoint=found, actor=request.user), done)
    return _back(request, found)


@staff_page(Permission.MANAGE)
@require_POST
def pause(request: StaffRequest, endpoint_id: int) -> HttpResponse:
    found = _endpoint(request, endpoint_id)
    done = _("Paused. Events are kept for 30 days and sent when you resume.")
    try_and_tell(request, lambda: endpoint_pause(endpoint=found, actor=request.user), done)
    return _back(request, found)


@staff_page(Permission.MANAGE)
@require_POST
def resume(request: StaffRequest, endpoint_id: int) -> HttpResponse:
    found = _endpoint(request, endpoint_id)
    number = endpoint_resume(endpoint=found, actor=request.user)
    said = ngettext(
        "Resumed. %(n)d event that waited is sent now.", "Resumed. %(n)d events that waited are sent now.", number
    )
    messages.success(request, said % {"n": number} if number else _("Resumed. New events are sent again."))
    return _back(request, found)


@staff_page(Permission.MANAGE)
def resend_since(request: StaffRequest, endpoint_id: int) -> HttpResponse:
    """GET asks for a day, then says how many events there are since then; POST sends them again."""
    found = _endpoint(request, endpoint_id)
    form = ResendForm(request.POST if request.method == "POST" else request.GET or None)
    context = {"form": form, "endpoint": found}
    if not form.is_valid():
        return render(request, "webhooks/resend.html", context, status=400 if request.method == "POST" else 200)
    since = datetime.combine(form.cleaned_data["since"], time.min, ZoneInfo(request.campaign.time_zone))
    chosen = {"since": since, "arrived_too": form.cleaned_data["arrived_too"]}
    if request.method != "POST":
        context["number"] = deliveries_to_resend(found, **chosen).count()
        return render(request, "webhooks/resend.html", context)
    try_and_tell(request, lambda: _resend(request, found, **chosen))
    return _back(request, found)


def _resend(request: StaffRequest, found: Endpoint, since: datetime, arrived_too: bool) -> None:
    number = deliveries_resend(endpoint=found, since=since, arrived_too=arrived_too, actor=request.user)
    said = ngettext("%(n)d event is sent again.", "%(n)d events are sent again.", number) % {"n": number}
    messages.success(request, said if number else _("There was nothing to send again since that day."))


@staff_page(Permission.MANAGE)
def delivery(request: StaffRequest, endpoint_id: int, delivery_id: int) -> HttpResponse:
    """One event: what was sent, and each try with its response."""
    found = _endpoint(request, endpoint_id)
    rows = endpoint_log(found).select_related("event__campaign")
    row = get_object_or_404(rows, pk=delivery_id)
    body = json.dumps(event_payload(row.event), indent=2, ensure_ascii=False, sort_keys=True)
    context = {"endpoint": found, "row": row, "body": body, "attempts": row.attempts.all()[:ROWS]}
    return render(request, "webhooks/delivery.html", context)


@staff_page(Permission.MANAGE)
@require_POST
def resend(request: StaffRequest, endpoint_id: int, delivery_id: int) -> HttpResponse:
    found = _endpoint(request, endpoint_id)
    row = get_object_or_404(endpoint_log(found), pk=delivery_id)
    done = _("The event is sent again. Reload this page in a few seconds to see whether it arrived.")
    try_and_tell(request, lambda: delivery_resend(delivery=row, actor=request.user), done)
    return redirect("webhook_endpoints:delivery", request.campaign.slug, found.pk, row.pk)
