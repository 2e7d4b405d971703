"""Open and close letters for signature, change how and until when they are signed, list signatures, hide all names."""

from collections.abc import Callable, Mapping
from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.campaigns.access import StaffRequest, staff_page
from apps.campaigns.roles import Permission
from apps.core.errors import DomainError
from apps.core.forms import submit
from apps.core.times import reader_time
from apps.letters.models import LetterVersion

from ..forms.calls import CallForm, ChangeCallForm, ClosingTimeForm, DayAndTimeForm
from ..forms.moderation import FilterForm
from ..forms.sign_on_filters import SignOnFilterForm
from ..models import SignOnCall
from ..pages.call_changes import CallEffect, call_effects
from ..pages.sign_on_labels import RETURNED
from ..pages.sign_on_list import call_rows, is_long, sign_on_list
from ..selectors.calls import (
    call_fingerprint,
    campaign_calls,
    letter_departure,
    state_counts,
    versions_to_open,
)
from ..selectors.invitations import invitation_calls
from ..selectors.signatory_counts import version_counts
from ..selectors.signatory_lists import hideable_name_count
from ..selectors.version_replacements import replacements_by_call
from ..services.calls import check_changed, names_hide, names_show, sign_on_call_change, sign_on_call_open
from ..services.closing_times import change_kind, check_rescheduled, sign_on_call_close, sign_on_call_reschedule
from ..services.exceptions import CallChanged

SHOW_OR_CHANGE = ["GET", "HEAD", "POST"]


@staff_page(Permission.READ)
@require_safe
def index(request: StaffRequest) -> HttpResponse:
    """Letters open for signature, and signatures narrowed by ?state=, ?call= and, for those who see contact data, by
    the fields of SignOnFilterForm; or the one of ?signature=."""
    chosen, calls = FilterForm(request.GET).values(), call_rows(request.campaign)
    may_filter = request.team_member.may(Permission.SEE_CONTACTS)
    filters = SignOnFilterForm(request.GET, campaign=request.campaign, is_long=is_long(calls)) if may_filter else None
    values = filters.values() if filters else {}
    call = next((row.call for row in calls if row.call.pk == chosen["call"]), None)
    shown = sign_on_list(
        request.team_member, calls, state=chosen["state"], call_id=call.pk if call else None, values=values,
        only=chosen["signature"], number=chosen["page"],
    )  # fmt: skip
    context = {
        "calls": [(row.call, row.numbers, row.to_check) for row in calls],
        "replacements": replacements_by_call(request.campaign),
        "call_id": call.pk if call else None,
        "only": chosen["signature"],
        "state": chosen["state"],
        "filters": filters,
        "values": values,
        "export_query": _export_query(call, "" if chosen["state"] == RETURNED else chosen["state"], values),
        "invites": set(invitation_calls(request.campaign).values_list("pk", flat=True)),
        "waiting": sum(row.to_check for row in calls),
        "can_open": versions_to_open(request.campaign).exists(),
        "shown": shown,
        "page": shown.page,
    }
    return render(request, "coalitions/index.html", context)


def _export_query(call: SignOnCall | None, state: str, values: Mapping[str, str]) -> str:
    """What the page of exports is asked for the signatures that this page shows."""
    letter = LetterVersion.objects.filter(pk=values.get("version", 0)).values_list("letter__number", flat=True).first()
    number = letter or (call.letter.number if call else "")
    asked = {"purpose": "internal", "letter": number, "state": state, **values}
    return urlencode({name: value for name, value in asked.items() if value})


@staff_page(Permission.MANAGE)
@require_http_methods(SHOW_OR_CHANGE)
def open_call(request: StaffRequest) -> HttpResponse:
    initial = {"version": request.GET.get("version", "")}
    form = CallForm(request.POST or None, campaign=request.campaign, initial=initial)
    call, status = _submit(form, lambda: sign_on_call_open(actor=request.user, **form.call_values()))
    if call:
        messages.success(request, _opened(call))
        return redirect(f"{_index(request)}?call={call.pk}")
    context = {"form": form, "earlier": campaign_calls(request.campaign)[:1]}
    return render(request, "coalitions/open.html", context, status=status)


def _opened(call: SignOnCall) -> str:
    if call.embargoed_until is None:
        return _("Opened for signature. The public page now shows the form.")
    when = reader_time(call.embargoed_until, call.campaign)
    return _("Saved. The public page appears on %(when)s.") % {"when": when}


def _submit(form: DayAndTimeForm, save: Callable[[], SignOnCall]) -> tuple[SignOnCall | None, int]:
    """As `submit`, with errors about moments beside their day."""

    def saved() -> SignOnCall:
        try:
            return save()
        except DomainError as error:
            error.field = form.field_of(error.field)
            raise

    return submit(form, saved)


@staff_page(Permission.MANAGE)
@require_http_methods(SHOW_OR_CHANGE)
def change_call(request: StaffRequest, call_id: int) -> HttpResponse:
    """The form, then what will happen, then, with `confirmed`, it happens."""
    call, seen = _call(request, call_id), request.POST.get("seen", "")
    form = ChangeCallForm(request.POST or None, call=call)
    change = partial(sign_on_call_change, call=call, actor=request.user, seen=seen)

    effects: list[CallEffect] = []

    def save() -> SignOnCall:
        if seen != call_fingerprint(call):
            raise CallChanged
        if "confirmed" not in request.POST:
            check_changed(call, **form.settings())
            effects.extend(call_effects(call, form.settings()))
        return call if effects else change(**form.settings())

    saved, status = _submit(form, save)
    if saved and effects:
        context = {"form": form, "call": call, "seen": seen, "effects": effects}
        return render(request, "coalitions/change_confirm.html", context)
    if saved:
        messages.success(request, _("Saved. It applies to signatures from now on."))
        return redirect(_index(request))
    context = {"form": form, "call": call, "seen": seen_fingerprint(request, call, status), "numbers": _numbers(call)}
    return render(request, "coalitions/change.html", context, status=status)


@staff_page(Permission.MANAGE)
@require_http_methods(SHOW_OR_CHANGE)
def closing_time(request: StaffRequest, call_id: int) -> HttpResponse:
    """Extend, shorten or reopen: the form, then what will happen, then, with `confirmed`, it happens."""
    call, seen = _call(request, call_id), request.POST.get("seen", "")
    form = ClosingTimeForm(request.POST or None, call=call)
    reschedule = partial(sign_on_call_reschedule, call=call, actor=request.user, seen=seen)

    def save() -> SignOnCall:
        if "confirmed" in request.POST:
            return reschedule(**form.values())
        check_rescheduled(call, **form.values())
        return call

    done, status = _submit(form, save)
    if done and "confirmed" in request.POST:
        messages.success(request, _("Saved. The public page says so, and until when the letter can be signed."))
        return redirect(_index(request))
    context = {"form": form, "call": call, "numbers": _numbers(call), "sent": letter_departure(call.version)}
    if done:
        closes_at = form.cleaned_data["closes_at"]
        context |= {"kind": change_kind(call, closes_at), "closes_at": closes_at, "seen": seen}
        return render(request, "coalitions/closing_time_confirm.html", context)
    context["seen"] = seen_fingerprint(request, call, status)
    return render(request, "coalitions/closing_time.html", context, status=status)


@staff_page(Permission.MANAGE)
@require_http_methods(SHOW_OR_CHANGE)
def close_call(request: StaffRequest, call_id: int) -> HttpResponse:
    call, error, status = _call(request, call_id), None, 200
    if request.method == "POST":
        try:
            sign_on_call_close(call=call, actor=request.user, seen=request.POST.get("seen"))
        except DomainError as refused:
            call, error, status = _call(request, call_id), refused, refused.status
        else:
            messages.success(request, _("Closed. Nobody can sign or confirm any more. The list stays."))
            return redirect(_index(request))
    context = {"call": call, "numbers": _numbers(call), "seen": call_fingerprint(call), "error": error}
    return render(request, "coalitions/close.html", context, status=status)


@staff_page(Permission.MANAGE)
@require_http_methods(SHOW_OR_CHANGE)
def names(request: StaffRequest, call_id: int) -> HttpResponse:
    call = _call(request, call_id)
    if request.method == "POST":
        if "hide" in request.POST:
            names_hide(call=call, actor=request.user)
            messages.success(request, _("All names of this letter are hidden. Counts are still shown."))
        elif "show" in request.POST:
            names_show(call=call, actor=request.user)
            messages.success(request, _("Names are shown again, as each signer chose."))
        return redirect(_index(request))
    context = {"call": call, "named": hideable_name_count(call.letter), "counts": version_counts(call.version)}
    return render(request, "coalitions/names.html", context)


def seen_fingerprint(request: StaffRequest, call: SignOnCall, status: int) -> str:
    """What the form hands back: as it came where nothing was compared, else what the page shows now."""
    return request.POST["seen"] if status == DomainError.status and "seen" in request.POST else call_fingerprint(call)


def _call(request: StaffRequest, call_id: int) -> SignOnCall:
    return get_object_or_404(campaign_calls(request.campaign), pk=call_id)


def _numbers(call: SignOnCall) -> dict[str, int]:
    """{state: number} of its signatures."""
    return state_counts(call.campaign).get(call.pk, {})


def _index(request: StaffRequest) -> str:
    return reverse("sign_on:index", args=[request.campaign.slug])
