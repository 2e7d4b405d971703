"""The campaign's incoming mail: the list, sorting, and answers from here."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.campaigns.access import StaffRequest, staff_page
from apps.campaigns.roles import Permission
from apps.core.errors import DomainError
from apps.core.forms import submit
from apps.postbox.models import InboundMail

from ..forms import MailAnswerForm, TriageForm
from ..pages.inbox import inbox_filters, inbox_lines
from ..selectors.dispatches import campaign_mails, mail_delivery
from ..selectors.tracking import inbox_condition, inbox_mails
from ..selectors.unmatched_mail import mails_without_letter, only_campaign
from ..services import triage
from ..services.sent_answers import answer_draft, answer_send
from .incoming_mail import mail_page

PER_PAGE = 50


@staff_page(Permission.READ)
@require_safe
def inbox(request: StaffRequest) -> HttpResponse:
    """?show= a key of SHOWS, ?page=. Senders and subjects only for those who may see contact data."""
    filters = inbox_filters(request.campaign, request.user)
    show = request.GET.get("show", "")
    show = show if show in {key for key, _words, _n in filters} else "all"
    rows = inbox_mails(request.campaign).filter(inbox_condition(show, request.user))
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    sees = request.team_member.may(Permission.SEE_CONTACTS)
    unmatched = mails_without_letter().filter(triage__closed_at=None).count() if sees else 0
    context = {
        "filters": filters,
        "unmatched": unmatched,
        # with several campaigns, only the page of the queue guesses whose they are
        "unmatched_is_ours": bool(unmatched) and only_campaign(),
        "show": show,
        "page": page,
        "lines": inbox_lines(page.object_list, contacts=sees),
    }
    return render(request, "outreach/inbox.html", {**context, "sees_contacts": sees})


@staff_page(Permission.TRACK)
@require_POST
def mail_sort(request: StaffRequest, mail_id: int) -> HttpResponse:
    mail = _mail(request, mail_id)
    form = TriageForm(request.POST, campaign=request.campaign)
    member = mail_delivery(mail).member
    saved, status = submit(
        form,
        lambda: triage.mail_sort(
            campaign=request.campaign, mail=mail, member=member, actor=request.user, **form.cleaned_data
        ),
    )
    if saved is None:
        return mail_page(request, mail_id, triage_form=form, status=status)
    messages.success(request, _("Saved."))
    return redirect("outreach:mail", request.campaign.slug, mail_id)


@staff_page(Permission.AUTHORISE)
def mail_answer(request: StaffRequest, mail_id: int) -> HttpResponse:
    """The form, then a preview of exactly what leaves (button "preview"), then sending (button "send")."""
    mail = _mail(request, mail_id)
    delivery = mail_delivery(mail)
    try:
        draft = answer_draft(mail, request.campaign)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("outreach:mail", request.campaign.slug, mail_id)
    form = MailAnswerForm(request.POST or None, initial={"seen": draft.number, "quote": True})
    preview, status = False, 200
    if "send" in request.POST:
        sent, status = submit(
            form,
            lambda: answer_send(
                campaign=request.campaign, mail=mail, delivery=delivery, actor=request.user, **form.cleaned_data
            ),
        )
        if sent is not None:
            messages.success(request, _("Your answer is on its way. Its state is shown on this page."))
            return redirect("outreach:mail", request.campaign.slug, mail_id)
    elif request.method == "POST" and "change" not in request.POST:
        preview = form.is_valid()
        status = 200 if preview else 400
    context = {"form": form, "mail": mail, "delivery": delivery, "draft": draft, "preview": preview}
    return render(request, "outreach/mail_answer.html", context, status=status)


def _mail(request: StaffRequest, mail_id: int) -> InboundMail:
    return get_object_or_404(campaign_mails(request.campaign), pk=mail_id)
