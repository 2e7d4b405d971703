"""The exact letter of a delivery, and the answers that came."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from apps.campaigns.access import StaffRequest, staff_page
from apps.campaigns.roles import Permission
from apps.letters.rendering import MissingValue
from apps.postbox.selectors import mail_read

from ..models import Delivery, Dispatch
from ..selectors import (
    delivery_in,
    enclosure_of,
    events_of,
    filename_of,
    first_lines,
    language_name,
    line_of,
    page_of,
    pdf_of,
    reply_in,
    text_of,
)


@staff_page(Permission.READ)
@require_GET
def delivery(request: StaffRequest, dispatch_id: int, delivery_id: int) -> HttpResponse:
    """One letter as it leaves or left: on the page, as plain text, as PDF; and what became of it."""
    found = delivery_in(request.campaign, dispatch_id, delivery_id)
    sees = request.team_member.may(Permission.SEE_CONTACTS)
    enclosure = enclosure_of(found.dispatch)
    context = {
        "delivery": found,
        "dispatch": found.dispatch,
        "letter": page_of(found, enclosure, names=sees),
        "text": text_of(found, enclosure, names=sees),
        "enclosure": enclosure,
        "language": language_name(found.language),
        "line": line_of(found),
        "events": events_of(found),
        "sees_contacts": sees,
        "may_test": request.team_member.may(Permission.PREPARE) and found.dispatch.state == Dispatch.State.PREPARED,
    }
    return render(request, "outreach/delivery.html", context)


@staff_page(Permission.READ)
@require_GET
def delivery_pdf(request: StaffRequest, dispatch_id: int, delivery_id: int) -> HttpResponse:
    """The PDF: the bytes that were sent, where they were made; else as they would be now. The sent one carries the
    recipient's name, so it is for those who may see contact data; others get one without it."""
    found = delivery_in(request.campaign, dispatch_id, delivery_id)
    sees = request.team_member.may(Permission.SEE_CONTACTS)
    try:
        content = _pdf_bytes(found, sees)
    except MissingValue:  # its values were erased: the letter cannot be made any more
        raise Http404 from None
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{filename_of(found)}"'
    return response


def _pdf_bytes(found: Delivery, sees: bool) -> bytes:
    if found.pdf and sees:
        return bytes(found.pdf.content)
    return pdf_of(found, enclosure_of(found.dispatch), names=sees)


@staff_page(Permission.READ)
@require_GET
def reply(request: StaffRequest, reply_id: int) -> HttpResponse:
    """An answer: its text, and the facts of its mail; without the right to see contact data its first lines, masked,
    for a mail names its writer in its text, subject, files and in what it quotes."""
    found = reply_in(request.campaign, reply_id)
    sees = request.team_member.may(Permission.SEE_CONTACTS)
    context = {
        "reply": found,
        "read": mail_read(bytes(found.mail.raw)) if sees else None,
        "beginning": first_lines(found.mail.text),
        "sees_contacts": sees,
    }
    return render(request, "outreach/reply.html", context)
