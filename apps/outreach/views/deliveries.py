"""One recipient's letter: as a page, as text and as PDF, and what became of it."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.csp import CSP
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from apps.campaigns.access import StaffRequest, staff_page
from apps.campaigns.roles import Permission
from apps.core.language_names import language_label
from apps.letters.rendering import MissingValue

from ..letter_rendering import (
    dispatch_enclosure,
    mail_subject,
    pdf_filename,
    render_letter_html,
    render_letter_text,
)
from ..models import Dispatch
from ..pages.dispatch_progress import delivery_line
from ..pages.letter_mail import letter_mail
from ..pages.sent_letters import letter_pdf_now
from ..pages.timeline_entries import delivery_events
from ..selectors.dispatches import campaign_deliveries, names_removed


@staff_page(Permission.READ)
@require_safe
def delivery(request: StaffRequest, dispatch_id: int, delivery_id: int) -> HttpResponse:
    """One letter as page, text and PDF, and what became of it."""
    found = get_object_or_404(campaign_deliveries(request.campaign), pk=delivery_id, dispatch_id=dispatch_id)
    sees = request.team_member.may(Permission.SEE_CONTACTS)
    enclosure = dispatch_enclosure(found.dispatch)
    context = {
        "delivery": found,
        "dispatch": found.dispatch,
        "subject": mail_subject(found),
        "mail": letter_mail(found) if sees else None,
        "names_removed": found.pdf is not None and names_removed(found.dispatch),
        "letter": render_letter_html(found, enclosure, names=sees),
        "text": render_letter_text(found, enclosure, names=sees),
        "enclosure": enclosure,
        "language": language_label(found.language),
        "line": delivery_line(found),
        "events": delivery_events(found),
        "sees_contacts": sees,
        "may_test": request.team_member.may(Permission.PREPARE) and found.dispatch.state == Dispatch.State.PREPARED,
    }
    return render(request, "outreach/delivery.html", context)


@staff_page(Permission.SEE_CONTACTS)
@require_safe
@xframe_options_sameorigin
def mail_html(request: StaffRequest, dispatch_id: int, delivery_id: int) -> HttpResponse:
    """The HTML of the mail as its recipient sees it, for a frame on our page: it loads and runs nothing."""
    found = get_object_or_404(campaign_deliveries(request.campaign), pk=delivery_id, dispatch_id=dispatch_id)
    response = HttpResponse(letter_mail(found).html)
    response.headers[str(CSP.HEADER_ENFORCE)] = "default-src 'none'; frame-ancestors 'self'; sandbox"
    return response


@staff_page(Permission.READ)
@require_safe
def delivery_pdf(request: StaffRequest, dispatch_id: int, delivery_id: int) -> HttpResponse:
    """The PDF that was sent; printed anew where names were removed since, and without names for those who may not see
    contact data."""
    found = get_object_or_404(campaign_deliveries(request.campaign), pk=delivery_id, dispatch_id=dispatch_id)
    sees = request.team_member.may(Permission.SEE_CONTACTS)
    try:
        content = letter_pdf_now(found, names=sees)
    except MissingValue:  # its values were erased: the letter cannot be made any more
        raise Http404 from None
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{pdf_filename(found)}"'
    return response
