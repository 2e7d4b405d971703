"""Incoming mail about a letter, with its files."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.campaigns.access import StaffRequest, staff_page
from apps.campaigns.roles import Permission
from apps.core.downloads import download_response
from apps.core.forms import submit
from apps.postbox.forms import MailKindForm
from apps.postbox.inbound.parsing import parse_mail
from apps.postbox.models import InboundMail
from apps.postbox.services.inbound import inbound_reclassify
from apps.postbox.views.inbox import mail_file_response

from ..pages.timeline_entries import first_lines
from ..selectors.dispatches import campaign_mails, campaign_replies, mail_delivery


@staff_page(Permission.READ)
@require_safe
def reply(request: StaffRequest, reply_id: int) -> HttpResponse:
    return _page(request, get_object_or_404(campaign_replies(request.campaign), pk=reply_id).mail_id)


@staff_page(Permission.READ)
@require_safe
def mail(request: StaffRequest, mail_id: int) -> HttpResponse:
    return _page(request, mail_id)


@staff_page(Permission.SEE_CONTACTS)
@require_safe
def mail_file(request: StaffRequest, mail_id: int, number: int) -> HttpResponse:
    return mail_file_response(_mail(request, mail_id), number)


@staff_page(Permission.SEE_CONTACTS)
@require_safe
def mail_raw(request: StaffRequest, mail_id: int) -> HttpResponse:
    return download_response(f"mail-{mail_id}.eml", bytes(_mail(request, mail_id).raw))


@staff_page(Permission.SEE_CONTACTS)
@require_POST
def mail_kind(request: StaffRequest, mail_id: int) -> HttpResponse:
    found = _mail(request, mail_id)
    form = MailKindForm(request.POST)
    _row, status = submit(form, lambda: inbound_reclassify(mail=found, actor=request.user, **form.cleaned_data))
    if form.errors:
        return _page(request, mail_id, form, status=status)
    messages.success(request, _("Changed. The timeline and the number of answers are updated."))
    return redirect("outreach:mail", request.campaign.slug, mail_id)


def _mail(request: StaffRequest, mail_id: int) -> InboundMail:
    return get_object_or_404(campaign_mails(request.campaign), pk=mail_id)


def _page(request: StaffRequest, mail_id: int, form: MailKindForm | None = None, status: int = 200) -> HttpResponse:
    """Without the right to see contact data, only the first lines, masked: text, subject and files name people."""
    found = _mail(request, mail_id)
    sees = request.team_member.may(Permission.SEE_CONTACTS)
    delivery = mail_delivery(found)
    context = {
        "mail": found,
        "delivery": delivery,
        "read": parse_mail(bytes(found.raw)) if sees else None,
        "beginning": first_lines(found.text, original=delivery.message.text_body if delivery.message else ""),
        "form": form or MailKindForm(initial={"kind": found.kind}),
        "sees_contacts": sees,
    }
    return render(request, "outreach/mail.html", context, status=status)
