"""Incoming mail about a letter, with its files."""

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.campaigns.access import StaffRequest, staff_page
from apps.campaigns.roles import Permission
from apps.core.forms import submit
from apps.postbox.forms import MailKindForm
from apps.postbox.inbound.classified import MailKind
from apps.postbox.inbound.parsing import parse_mail
from apps.postbox.models import InboundMail
from apps.postbox.selectors.file_scans import file_scans, unscanned_files_wait
from apps.postbox.views.inbox import mail_file_response, mail_raw_response

from ..forms import AnswerSummaryForm, TriageForm
from ..models import AnswerSummary, FollowUp, MailTriage, Reply, SentAnswer
from ..pages.mail_text import text_parts
from ..pages.timeline_entries import first_lines
from ..selectors.dispatches import campaign_mails, campaign_replies, mail_delivery
from ..selectors.tracking import may_track
from ..services.answer_summaries import answer_summary_publish, answer_summary_remove
from ..services.triage import mail_correct

#: nobody reads an answer to these
FROM_MACHINES = frozenset(
    {MailKind.BOUNCE, MailKind.FORWARDING_FAILED, MailKind.DELAY, MailKind.DELIVERED, MailKind.COMPLAINT}
)


@staff_page(Permission.READ)
@require_safe
def reply(request: StaffRequest, reply_id: int) -> HttpResponse:
    return mail_page(request, _reply(request, reply_id).mail_id)


@staff_page(Permission.READ)
@require_safe
def mail(request: StaffRequest, mail_id: int) -> HttpResponse:
    return mail_page(request, mail_id)


@staff_page(Permission.SEE_CONTACTS)
@require_safe
def mail_file(request: StaffRequest, mail_id: int, number: int) -> HttpResponse:
    back = reverse("outreach:mail", args=[request.campaign.slug, mail_id])
    return mail_file_response(request, _mail(request, mail_id), number, back)


@staff_page(Permission.SEE_CONTACTS)
@require_safe
def mail_raw(request: StaffRequest, mail_id: int) -> HttpResponse:
    back = reverse("outreach:mail", args=[request.campaign.slug, mail_id])
    return mail_raw_response(request, _mail(request, mail_id), back)


@staff_page(Permission.TRACK)
@require_POST
def mail_kind(request: StaffRequest, mail_id: int) -> HttpResponse:
    found = _mail(request, mail_id)
    form = MailKindForm(request.POST)
    correct = partial(mail_correct, delivery=mail_delivery(found), mail=found, actor=request.user)
    _row, status = submit(form, lambda: correct(**form.cleaned_data))
    if form.errors:
        return mail_page(request, mail_id, form, status=status)
    messages.success(request, _("Changed. The timeline and the number of answers are updated."))
    return redirect("outreach:mail", request.campaign.slug, mail_id)


@staff_page(Permission.MANAGE)
@require_POST
def summary_publish(request: StaffRequest, reply_id: int) -> HttpResponse:
    """Show these words of the answer on the letter's public page."""
    reply = _reply(request, reply_id)
    form = AnswerSummaryForm(request.POST, campaign=request.campaign, summary=None)
    published, status = submit(
        form, lambda: answer_summary_publish(reply=reply, actor=request.user, **form.cleaned_data)
    )
    if published is None:
        return mail_page(request, reply.mail_id, summary_form=form, status=status)
    messages.success(request, _("Published. Everybody can read the summary on the letter’s page."))
    return redirect("outreach:reply", request.campaign.slug, reply_id)


@staff_page(Permission.MANAGE)
@require_POST
def summary_remove(request: StaffRequest, reply_id: int) -> HttpResponse:
    if answer_summary_remove(reply=_reply(request, reply_id), actor=request.user):
        messages.success(request, _("The summary is off the letter’s page."))
    return redirect("outreach:reply", request.campaign.slug, reply_id)


def _reply(request: StaffRequest, reply_id: int) -> Reply:
    return get_object_or_404(campaign_replies(request.campaign), pk=reply_id)


def _mail(request: StaffRequest, mail_id: int) -> InboundMail:
    return get_object_or_404(campaign_mails(request.campaign), pk=mail_id)


def mail_page(
    request: StaffRequest,
    mail_id: int,
    form: MailKindForm | None = None,
    summary_form: AnswerSummaryForm | None = None,
    triage_form: TriageForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Without the right to see contact data, only the first lines, masked: text, subject and files name people."""
    found = _mail(request, mail_id)
    sees = request.team_member.may(Permission.SEE_CONTACTS)
    delivery = mail_delivery(found)
    reply = Reply.objects.filter(mail=found, kind=Reply.Kind.REPLY).first()
    summary = AnswerSummary.objects.filter(reply=reply).select_related("published_by").first() if reply else None
    triage = MailTriage.objects.filter(mail=found).select_related("assignee").first()
    sorted_as = {"assignee": triage.assignee_id, "label": triage.label, "closed": triage.closed_at} if triage else {}
    read = parse_mail(bytes(found.raw)) if sees else None
    ours = delivery.message.text_body if delivery.message else ""
    context = {
        "mail": found,
        "delivery": delivery,
        "read": read,
        "scans": file_scans(found) if sees else None,
        "files_wait": unscanned_files_wait(),
        "form": form or MailKindForm(initial={"kind": MailKindForm.chosen(found)}),
        "parts": text_parts(read.text, ours) if read else [],
        "beginning": first_lines(found.text, original=ours),
        "triage": triage,
        "triage_form": triage_form or TriageForm(campaign=request.campaign, initial=sorted_as),
        "may_track": may_track(request.user, request.campaign, delivery.member),
        "may_answer": request.team_member.may(Permission.AUTHORISE) and found.kind not in FROM_MACHINES,
        "sent_answers": SentAnswer.objects.filter(mail=found).select_related("message", "written_by").order_by("pk"),
        "next_steps": FollowUp.objects.filter(mail=found).select_related("assignee").order_by("due_on"),
        "sees_contacts": sees,
        "reply": reply,
        "summary": summary,
        "summary_form": summary_form or AnswerSummaryForm(campaign=request.campaign, summary=summary),
        "may_publish": request.team_member.may(Permission.MANAGE),
    }
    return render(request, "outreach/mail.html", context, status=status)
