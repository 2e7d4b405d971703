"""The local inbox of sink mode, and mail that came in: answers, reports, and what matches no letter."""

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_POST, require_safe

from apps.core.access import operators
from apps.core.downloads import download_response
from apps.core.forms import submit

from ..forms import AnswerForm
from ..inbound.parsing import parse_mail
from ..models import InboundMail, SinkMail
from ..pages.inbox import inbox_lines
from ..selectors.file_scans import file_scans, mail_is_infected, unscanned_files_wait
from ..selectors.mailboxes import mailbox_problem, mailboxes_read
from ..selectors.messages import address_is_suppressed, answers_received, recipient_hashes
from ..services.file_scans import mail_scan
from ..services.local_inbox import sink_mail_answer
from ..services.suppressions import address_allow

PER_PAGE = 50
KINDS = {
    "letter": _lazy("letter"),
    "test": _lazy("test of a letter"),
    "answer": _lazy("answer to an email"),
    "confirmation": _lazy("confirmation"),
    "sign_in": _lazy("sign-in code"),
    "invitation": _lazy("invitation"),
    "report": _lazy("report to signers"),
    "notice": _lazy("notice to the team"),
    "other": _lazy("other"),
}


def mail_file_response(request: HttpRequest, row: SinkMail | InboundMail, number: int, back: str) -> HttpResponse:
    """The mail's file with this number, from 1; where it may not be handed out, the reason on the page `back`.
    Raises Http404."""
    files = parse_mail(bytes(row.raw)).files
    if not 1 <= number <= len(files):
        raise Http404
    why = _withheld(row, number) if isinstance(row, InboundMail) else ""
    if why:
        messages.error(request, why)
        return redirect(back)
    return download_response(files[number - 1].filename, files[number - 1].content)


def mail_raw_response(request: HttpRequest, row: InboundMail, back: str) -> HttpResponse:
    """The whole mail, unless one of its files may not be handed out."""
    if why := _withheld(row):
        messages.error(request, why)
        return redirect(back)
    return download_response(f"mail-{row.pk}.eml", bytes(row.raw))


def _withheld(row: InboundMail, number: int | None = None) -> str:
    """Why the file, or the whole mail, is not handed out; "" if it is. Has it scanned first."""
    scanned = mail_scan(mail=row, number=number)
    if mail_is_infected(row, number):
        if number is None:
            return _("The virus scanner found a virus in this email. It cannot be downloaded.")
        return _("The virus scanner found a virus in this file. It cannot be downloaded.")
    if scanned or not unscanned_files_wait():
        return ""
    return _(
        "The virus scanner does not answer. What it has not scanned cannot be downloaded. Try again in a few minutes."
    )


@operators
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """Mail of the local inbox, newest first; with ?show=answers or ?show=unmatched the mail that came in."""
    show, number = request.GET.get("show", "sent"), request.GET.get("page")
    sent = SinkMail.objects.defer("raw")
    answers, unmatched = answers_received(matched=True), answers_received(matched=False)
    if show not in {"sent", "answers", "unmatched"}:
        raise Http404
    context: dict[str, object] = {"show": show, "kinds": KINDS, "mode": settings.POSTBOX["MODE"]}
    if show == "sent":
        page = Paginator(sent, PER_PAGE).get_page(number)
        context |= {"page": page, "lines": inbox_lines(page.object_list)}
    else:
        received = Paginator(answers if show == "answers" else unmatched, PER_PAGE).get_page(number)
        context |= {"page": received, "lines": received.object_list}
        context |= {"mailboxes": mailboxes_read(), "mailbox_problem": mailbox_problem()}
    context["filters"] = [
        ("sent", _("Arrived here"), sent.count()),
        ("answers", _("Answers and reports"), answers.count()),
        ("unmatched", _("Other email"), unmatched.count()),
    ]
    return render(request, "postbox/inbox.html", context)


@operators
@require_safe
def mail(request: HttpRequest, pk: int) -> HttpResponse:
    """One mail of the local inbox, with the form to answer it."""
    return _mail_page(request, get_object_or_404(SinkMail, pk=pk), AnswerForm())


@operators
@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(SinkMail, pk=pk)
    form = AnswerForm(request.POST)
    _sent, status = submit(form, lambda: sink_mail_answer(mail=row, **form.cleaned_data))
    if form.errors:
        return _mail_page(request, row, form, status=status)
    messages.success(request, _("Sent to the reply address. It is listed under “Answers and reports”."))
    return redirect("postbox:mail", pk=row.pk)


@operators
@require_safe
def attachment(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    row = get_object_or_404(SinkMail, pk=pk)
    return mail_file_response(request, row, number, reverse("postbox:mail", args=[pk]))


@operators
@require_safe
def raw(request: HttpRequest, pk: int) -> HttpResponse:
    return download_response(f"mail-{pk}.eml", bytes(get_object_or_404(SinkMail, pk=pk).raw))


@operators
@require_safe
def received(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(InboundMail.objects.select_related("message"), pk=pk)
    suppressed = bool(row.message and address_is_suppressed(row.message))
    context = {"row": row, "read": parse_mail(bytes(row.raw)), "suppressed": suppressed}
    context |= {"scans": file_scans(row), "files_wait": unscanned_files_wait()}
    return render(request, "postbox/received.html", context)


@operators
@require_safe
def received_file(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    row = get_object_or_404(InboundMail, pk=pk)
    return mail_file_response(request, row, number, reverse("postbox:received", args=[pk]))


@operators
@require_safe
def received_raw(request: HttpRequest, pk: int) -> HttpResponse:
    return mail_raw_response(request, get_object_or_404(InboundMail, pk=pk), reverse("postbox:received", args=[pk]))


@operators
@require_POST
def allow(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(InboundMail, pk=pk)
    actor = request.user if request.user.is_authenticated else None
    if row.message and address_allow(hashes=recipient_hashes(row.message), actor=actor):
        messages.success(request, _("Email may go to this address again."))
    else:
        messages.warning(request, _("This address was not blocked. Nothing changed."))
    return redirect("postbox:received", pk=row.pk)


def _mail_page(request: HttpRequest, row: SinkMail, form: AnswerForm, status: int = 200) -> HttpResponse:
    read = parse_mail(bytes(row.raw))
    answerable = bool(read.header("Reply-To")) and settings.POSTBOX["MODE"] == "sink"
    context = {"row": row, "read": read, "form": form, "answerable": answerable}
    return render(request, "postbox/mail.html", context, status=status)
