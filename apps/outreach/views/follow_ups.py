"""Next steps with governments."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from apps.campaigns.access import StaffRequest, staff_page
from apps.campaigns.roles import Permission
from apps.core.errors import DomainError
from apps.core.forms import submit
from apps.governments.models import Member
from apps.postbox.models import InboundMail

from ..forms import FollowUpForm, PostponeForm
from ..models import FollowUp
from ..selectors.dispatches import campaign_mails
from ..selectors.tracking import campaign_follow_ups, campaign_today, may_track
from ..services import follow_ups as services

PER_PAGE = 50
SHOWS = {
    "open": pgettext_lazy("next steps", "Open"),
    "overdue": pgettext_lazy("next steps", "Overdue"),
    "mine": pgettext_lazy("next steps", "Mine"),
    "done": pgettext_lazy("next steps", "Done"),
}


@staff_page(Permission.READ)
@require_safe
def follow_ups(request: StaffRequest) -> HttpResponse:
    """?show= a key of SHOWS, ?page=."""
    rows, today = campaign_follow_ups(request.campaign), campaign_today(request.campaign)
    unfinished = rows.filter(done_at=None)
    found = {
        "open": unfinished,
        "overdue": unfinished.filter(due_on__lt=today),
        "mine": unfinished.filter(assignee=request.user),
        "done": rows.exclude(done_at=None).order_by("-done_at"),
    }
    show = request.GET.get("show", "open")
    show = show if show in found else "open"
    counts = {key: steps.count() for key, steps in found.items()}
    context = {
        "page": Paginator(found[show], PER_PAGE).get_page(request.GET.get("page")),
        "filters": [(key, SHOWS[key], n) for key, n in counts.items() if n or key in {"open", show}],
        "show": show,
        "today": today,
    }
    return render(request, "outreach/follow_ups.html", context)


@staff_page(Permission.TRACK)
def follow_up_new(request: StaffRequest, code: str) -> HttpResponse:
    """?mail= the incoming mail that asks for it."""
    member = get_object_or_404(Member, code=code)
    mail = _mail(request)
    form = FollowUpForm(request.POST or None, campaign=request.campaign, initial={"assignee": request.user})
    saved, status = submit(
        form,
        lambda: services.follow_up_add(
            campaign=request.campaign, member=member, actor=request.user, mail=mail, **form.cleaned_data
        ),
    )
    if saved is not None:
        messages.success(request, _("Added. It is on the government’s page and, once due, on the overview."))
        return redirect("dashboard:government", request.campaign.slug, code)
    context = {"form": form, "member": member, "mine": may_track(request.user, request.campaign, member)}
    return render(request, "outreach/follow_up_new.html", context, status=status)


@staff_page(Permission.TRACK)
@require_POST
def follow_up_finish(request: StaffRequest, follow_up_id: int) -> HttpResponse:
    row = _follow_up(request, follow_up_id)
    services.follow_up_finish(follow_up=row, actor=request.user)
    messages.success(request, _("Done. Add the next step, or record the contact."))
    return redirect("dashboard:government", request.campaign.slug, row.member.code)


@staff_page(Permission.TRACK)
@require_POST
def follow_up_postpone(request: StaffRequest, follow_up_id: int) -> HttpResponse:
    row = _follow_up(request, follow_up_id)
    form = PostponeForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Nothing changed. Enter the new day."))
    else:
        try:
            services.follow_up_postpone(follow_up=row, actor=request.user, **form.cleaned_data)
            messages.success(request, _("Postponed."))
        except DomainError as error:
            messages.error(request, str(error))
    return redirect("dashboard:government", request.campaign.slug, row.member.code)


def _follow_up(request: StaffRequest, follow_up_id: int) -> FollowUp:
    return get_object_or_404(campaign_follow_ups(request.campaign), pk=follow_up_id)


def _mail(request: StaffRequest) -> InboundMail | None:
    number = request.GET.get("mail", "")
    return campaign_mails(request.campaign).filter(pk=number).first() if number.isdecimal() else None
