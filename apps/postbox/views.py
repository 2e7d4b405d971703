"""Pages of the postbox: the local inbox, what came in, the switch."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from apps.core.access import operators
from apps.core.downloads import download_response
from apps.core.errors import DomainError
from apps.core.forms import add_error
from apps.core.types import Actor

from .forms import AnswerForm, DecideForm, KillForm
from .inbound.parsing import parse_mail
from .models import InboundMail, Message, SinkMail
from .pages.inbox import inbox_lines
from .selectors import (
    address_is_suppressed,
    answers_received,
    hold_reason,
    messages_in_doubt,
    messages_in_final,
    messages_waiting,
    sink_mail_get,
    switch_read,
)
from .services import address_allow, message_decide, sink_mail_answer, switch_kill, switch_release

PER_PAGE = 50
KINDS = {
    "letter": _lazy("letter"),
    "test": _lazy("test of a letter"),
    "confirmation": _lazy("confirmation"),
    "sign_in": _lazy("sign-in code"),
    "invitation": _lazy("invitation"),
    "other": _lazy("other"),
}


@operators
@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """What the local inbox took, newest first; with ?show=answers or ?show=unmatched what came back."""
    show = request.GET.get("show", "sent")
    answers, unmatched = answers_received(matched=True), answers_received(matched=False)
    sent, number = SinkMail.objects.order_by("-id"), request.GET.get("page")
    if show not in {"sent", "answers", "unmatched"}:
        raise Http404
    context: dict[str, object] = {"show": show, "kinds": KINDS, "mode": settings.POSTBOX["MODE"]}
    if show == "sent":
        page = Paginator(sent, PER_PAGE).get_page(number)
        context |= {"page": page, "lines": inbox_lines(page.object_list)}
    else:
        received = Paginator(answers if show == "answers" else unmatched, PER_PAGE).get_page(number)
        context |= {"page": received, "lines": received.object_list}
    context["filters"] = [
        ("sent", _("Arrived here"), sent.count()),
        ("answers", _("Answers and reports"), answers.count()),
        ("unmatched", _("Matches no letter"), unmatched.count()),
    ]
    return render(request, "postbox/inbox.html", context)


@operators
@require_GET
def mail(request: HttpRequest, pk: int) -> HttpResponse:
    """One mail of the local inbox, with the form to answer it."""
    return _mail_page(request, _sink_mail(pk), AnswerForm())


@operators
@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer it as its recipient, by SMTP."""
    row = _sink_mail(pk)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _mail_page(request, row, form, status=400)
    try:
        sink_mail_answer(mail=row, text=form.cleaned_data["text"], form=form.cleaned_data["form"])
    except DomainError as error:
        add_error(form, error)
        return _mail_page(request, row, form, status=409)
    messages.success(request, _("Sent to the reply address by SMTP and taken there. It is listed under Answers."))
    return redirect("postbox:mail", pk=row.pk)


@operators
@require_GET
def attachment(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One file of a mail, always as a download."""
    return _file(bytes(_sink_mail(pk).raw), number)


@operators
@require_GET
def raw(request: HttpRequest, pk: int) -> HttpResponse:
    """The mail as it came, as a download."""
    return download_response(f"mail-{pk}.eml", bytes(_sink_mail(pk).raw))


@operators
@require_GET
def received_file(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One file of a mail that came to a reply address."""
    return _file(bytes(get_object_or_404(InboundMail, pk=pk).raw), number)


@operators
@require_GET
def received_raw(request: HttpRequest, pk: int) -> HttpResponse:
    """It as it came."""
    return download_response(f"mail-{pk}.eml", bytes(get_object_or_404(InboundMail, pk=pk).raw))


@operators
@require_GET
def received(request: HttpRequest, pk: int) -> HttpResponse:
    """One mail that came to a reply address."""
    row = get_object_or_404(InboundMail.objects.select_related("message"), pk=pk)
    suppressed = bool(row.message and address_is_suppressed(row.message))
    context = {"row": row, "read": parse_mail(bytes(row.raw)), "suppressed": suppressed}
    return render(request, "postbox/received.html", context)


@operators
@require_POST
def allow(request: HttpRequest, pk: int) -> HttpResponse:
    """Let mail go again to the address whose reader complained."""
    row = get_object_or_404(InboundMail, pk=pk)
    if row.message and address_allow(message=row.message, actor=_actor(request)):
        messages.success(request, _("Mail may go to this address again."))
    return redirect("postbox:received", pk=row.pk)


@operators
@require_GET
def switch(request: HttpRequest) -> HttpResponse:
    """May anything leave, what is in its last step, what is in doubt."""
    return _switch_page(request)


@operators
@require_POST
def kill(request: HttpRequest) -> HttpResponse:
    """Stop all sending."""
    form = KillForm(request.POST)
    if not form.is_valid():
        return _switch_page(request, kill_form=form, status=400)
    under_way = switch_kill(actor=_actor(request), reason=form.cleaned_data["reason"])
    told = _("All sending is stopped.") + " " + _under_way(len(under_way))
    messages.warning(request, told)
    return redirect("postbox:switch")


@operators
@require_POST
def release(request: HttpRequest) -> HttpResponse:
    """Let sending go on."""
    switch_release(actor=_actor(request))
    messages.success(request, _("Sending goes on."))
    return redirect("postbox:switch")


@operators
@require_POST
def decide(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Settle a mail in doubt."""
    row = get_object_or_404(Message, pk=pk)
    form = DecideForm(request.POST, prefix=str(pk))
    if not form.is_valid():
        return _switch_page(request, decide_form=form, decide_pk=pk, status=400)
    try:
        message_decide(message=row, actor=_actor(request), **form.cleaned_data)
    except DomainError as error:
        add_error(form, error)
        return _switch_page(request, decide_form=form, decide_pk=pk, status=409)
    messages.success(request, _("Decided and kept with its evidence."))
    return redirect("postbox:switch")


def _file(raw: bytes, number: int) -> HttpResponse:
    files = parse_mail(raw).files
    if not 1 <= number <= len(files):
        raise Http404
    return download_response(files[number - 1].filename, files[number - 1].content)


def _sink_mail(pk: int) -> SinkMail:
    row = sink_mail_get(pk)
    if row is None:
        raise Http404
    return row


def _actor(request: HttpRequest) -> Actor:
    return request.user if request.user.is_authenticated else None


def _mail_page(request: HttpRequest, row: SinkMail, form: AnswerForm, status: int = 200) -> HttpResponse:
    read = parse_mail(bytes(row.raw))
    context = {
        "row": row,
        "read": read,
        "form": form,
        "answerable": bool(read.header("Reply-To")) and settings.POSTBOX["MODE"] == "sink",
    }
    return render(request, "postbox/mail.html", context, status=status)


def _switch_page(
    request: HttpRequest,
    *,
    kill_form: KillForm | None = None,
    decide_form: DecideForm | None = None,
    decide_pk: UUID | None = None,
    status: int = 200,
) -> HttpResponse:
    state = switch_read()
    doubts = [
        (row, decide_form if row.pk == decide_pk and decide_form else DecideForm(prefix=str(row.pk)))
        for row in messages_in_doubt()[:100]
    ]
    context = {
        "state": state,
        "held": hold_reason(state),
        "mode": settings.POSTBOX["MODE"],
        "waiting": messages_waiting().count(),
        "final": list(messages_in_final()[:100]),
        "doubts": doubts,
        "lost_form": decide_form if decide_pk and decide_pk not in {row.pk for row, _form in doubts} else None,
        "kill_form": kill_form or KillForm(),
    }
    return render(request, "postbox/switch.html", context, status=status)


def _under_way(number: int) -> str:
    if not number:
        return _("No mail was in its last step.")
    return ngettext(
        "%(n)s mail was in its last step and may still arrive. It is listed here.",
        "%(n)s mails were in their last step and may still arrive. They are listed here.",
        number,
    ) % {"n": number}
