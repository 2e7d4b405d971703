"""The page that stops all sending, and where mails in doubt are decided."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from apps.core.access import operators
from apps.core.forms import submit
from apps.core.types import Actor

from ..forms import DecideForm, StopSendingForm
from ..models import Message
from ..selectors.kill_switch import hold_reason, switch_read
from ..selectors.messages import messages_in_doubt, messages_in_final, messages_waiting, with_subjects
from ..services.attempt_results import message_decide
from ..services.kill_switch import switch_kill, switch_release


@operators
@require_safe
def switch(request: HttpRequest) -> HttpResponse:
    """Whether mail may leave, which mails are in their last step, and which are in doubt."""
    return _switch_page(request)


@operators
@require_POST
def kill(request: HttpRequest) -> HttpResponse:
    form = StopSendingForm(request.POST)
    if not form.is_valid():
        return _switch_page(request, kill_form=form, status=400)
    under_way = len(switch_kill(actor=_actor(request), reason=form.cleaned_data["reason"]))
    may_arrive = ngettext(
        "%(n)s email was being sent and may still arrive. It is listed here.",
        "%(n)s emails were being sent and may still arrive. They are listed here.",
        under_way,
    )
    last_step = may_arrive % {"n": under_way} if under_way else _("No email was being sent.")
    messages.warning(request, f"{_('All sending is stopped.')} {last_step}")
    return redirect("postbox:switch")


@operators
@require_POST
def release(request: HttpRequest) -> HttpResponse:
    switch_release(actor=_actor(request))
    messages.success(request, _("Sending has resumed."))
    return redirect("postbox:switch")


@operators
@require_POST
def decide(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = get_object_or_404(Message, pk=pk)
    form = DecideForm(request.POST, prefix=str(pk))
    _row, status = submit(form, lambda: message_decide(message=row, actor=_actor(request), **form.cleaned_data))
    if form.errors:
        return _switch_page(request, decide_form=form, decide_pk=pk, status=status)
    messages.success(request, _("Decided. Your evidence is kept."))
    return redirect("postbox:switch")


def _actor(request: HttpRequest) -> Actor:
    return request.user if request.user.is_authenticated else None


def _switch_page(
    request: HttpRequest,
    *,
    kill_form: StopSendingForm | None = None,
    decide_form: DecideForm | None = None,
    decide_pk: UUID | None = None,
    status: int = 200,
) -> HttpResponse:
    state = switch_read()
    doubts = [
        (row, decide_form if row.pk == decide_pk and decide_form else DecideForm(prefix=str(row.pk)))
        for row in with_subjects(messages_in_doubt()[:100])
    ]
    context = {
        "state": state,
        "held": hold_reason(state),
        "mode": settings.POSTBOX["MODE"],
        "waiting": messages_waiting().count(),
        "final": with_subjects(messages_in_final()[:100]),
        "doubts": doubts,
        "lost_form": decide_form if decide_pk and decide_pk not in {row.pk for row, _form in doubts} else None,
        "kill_form": kill_form or StopSendingForm(),
    }
    return render(request, "postbox/switch.html", context, status=status)
