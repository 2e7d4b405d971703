"""Mailings: the list, preparing, testing, authorising, cancelling."""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from apps.campaigns.access import StaffRequest, staff_page
from apps.campaigns.roles import Permission
from apps.core.errors import DomainError
from apps.core.forms import add_error
from apps.core.text import first_names, joined_clauses
from apps.postbox.selectors.kill_switch import hold_reason, switch_read

from ..forms import AuthoriseForm, TestForm
from ..models import Dispatch, Reply
from ..pages.dispatch import dispatch_context
from ..selectors.dispatch_plan import plan_again
from ..selectors.dispatches import (
    campaign_dispatches,
    campaign_replies,
    dispatch_summaries,
    versions_ready,
)
from ..selectors.plan_differences import plan_changes
from ..selectors.reports import Consent, campaign_reports, letters_for, letters_to_announce
from ..services.authorisation import MOST_CHANGES, dispatch_authorise
from ..services.cancellation import Stopped, dispatch_cancel
from ..services.pausing import dispatch_pause, dispatch_resume
from ..services.preparation import dispatch_recompute, dispatch_test_send

LAST_REPLIES = 5
LAST_REPORTS = 20


@staff_page(Permission.READ)
@require_safe
def index(request: StaffRequest) -> HttpResponse:
    context = {
        "held": hold_reason(switch_read()),
        "ready": versions_ready(request.campaign),
        "dispatches": Paginator(dispatch_summaries(request.campaign), 50).get_page(request.GET.get("page")),
        "reports": list(campaign_reports(request.campaign)[:LAST_REPORTS]),
        "reportable": list(letters_for(request.campaign, Consent.ANSWERS)),
        "announceable": letters_to_announce(request.campaign),
        "replies": campaign_replies(request.campaign).filter(kind=Reply.Kind.REPLY)[:LAST_REPLIES],
    }
    return render(request, "outreach/index.html", context)


@staff_page(Permission.READ)
@require_safe
def dispatch(request: StaffRequest, dispatch_id: int) -> HttpResponse:
    """The plan before sending, the progress afterwards."""
    return _page(request, _dispatch(request, dispatch_id))


@staff_page(Permission.PREPARE)
@require_POST
def recompute(request: StaffRequest, dispatch_id: int) -> HttpResponse:
    found = _dispatch(request, dispatch_id)
    changes = plan_changes(found, plan_again(found)) if found.state == Dispatch.State.PREPARED else []
    recompute = partial(dispatch_recompute, dispatch=found, actor=request.user)
    return _try(request, found, recompute, lambda _found: _updated(changes))


def _updated(changes: list[str]) -> str:
    if not changes:
        return _("The list is up to date. Nothing has changed.")
    return _("The list is up to date. %(changes)s.") % {"changes": first_names(changes, MOST_CHANGES, joined_clauses)}


@staff_page(Permission.PREPARE)
@require_POST
def test(request: StaffRequest, dispatch_id: int) -> HttpResponse:
    found = _dispatch(request, dispatch_id)
    form = TestForm(request.POST, dispatch=found)
    if not form.is_valid():
        messages.error(request, _("That letter is no longer in this mailing. Choose another."))
        return redirect("outreach:dispatch", request.campaign.slug, found.pk)
    send = partial(dispatch_test_send, dispatch=found, actor=request.user, **form.cleaned_data)
    done = _("A test is on its way to you: the letter to %(member)s, with its PDF.")
    member = form.cleaned_data["delivery"].member.name
    return _try(request, found, send, lambda _message: done % {"member": member})


@staff_page(Permission.AUTHORISE)
@require_POST
def authorise(request: StaffRequest, dispatch_id: int) -> HttpResponse:
    found = _dispatch(request, dispatch_id)
    form = AuthoriseForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form=form, status=400)
    authorise = partial(dispatch_authorise, dispatch=found, actor=request.user, **form.cleaned_data)
    done = _("Authorised. The letters are now made and sent one by one.")
    return _try(request, found, authorise, lambda _dispatch: done, form)


@staff_page(Permission.PREPARE)
@require_POST
def cancel(request: StaffRequest, dispatch_id: int) -> HttpResponse:
    found = _dispatch(request, dispatch_id)
    return _try(request, found, partial(dispatch_cancel, dispatch=found, actor=request.user), _cancelled)


@staff_page(Permission.PREPARE)
@require_POST
def pause(request: StaffRequest, dispatch_id: int) -> HttpResponse:
    found = _dispatch(request, dispatch_id)
    return _try(request, found, partial(dispatch_pause, dispatch=found, actor=request.user), _paused)


@staff_page(Permission.AUTHORISE)
@require_POST
def resume(request: StaffRequest, dispatch_id: int) -> HttpResponse:
    found = _dispatch(request, dispatch_id)
    return _try(request, found, partial(dispatch_resume, dispatch=found, actor=request.user), _resumed)


def _resumed(found: Dispatch) -> str:
    if found.state == Dispatch.State.AUTHORISED:
        return _("Resumed. The remaining letters are made and sent.")
    return _("Not resumed: something has changed. Check the list, then a second person can authorise it again.")


def _paused(stopped: Stopped) -> str:
    kept = ngettext(
        "Paused: %(n)d letter waits until the mailing is resumed.",
        "Paused: %(n)d letters wait until the mailing is resumed.",
        stopped.kept,
    )
    return _with_others(kept % {"n": stopped.kept}, stopped)


def _cancelled(stopped: Stopped) -> str:
    kept = ngettext(
        "Cancelled: %(n)d letter will not be sent.", "Cancelled: %(n)d letters will not be sent.", stopped.kept
    ) % {"n": stopped.kept}
    return _with_others(kept, stopped)


def _with_others(kept: str, stopped: Stopped) -> str:
    left = ngettext(
        "%(n)d had been sent and cannot be recalled.",
        "%(n)d had been sent and cannot be recalled.",
        stopped.left,
    ) % {"n": stopped.left}
    underway = ngettext(
        "%(n)d being sent now may still arrive.",
        "%(n)d being sent now may still arrive.",
        stopped.underway,
    ) % {"n": stopped.underway}
    said = [kept, left if stopped.left else "", underway if stopped.underway else ""]
    return " ".join(sentence for sentence in said if sentence)


def _dispatch(request: StaffRequest, dispatch_id: int) -> Dispatch:
    return get_object_or_404(campaign_dispatches(request.campaign), pk=dispatch_id)


def _try[Done](
    request: StaffRequest, found: Dispatch, act: Callable[[], Done], said: Callable[[Done], str],
    form: AuthoriseForm | None = None,
) -> HttpResponse:  # fmt: skip
    """Act, and go to the mailing, also if it is refused: its page keeps itself fresh, under its own address. The reason
    stands on top, or in the form if it can be corrected there."""
    try:
        messages.success(request, said(act()))
    except DomainError as error:
        if form and error.status == DomainError.status:
            add_error(form, error)
            return _page(request, found, form=form, status=error.status)
        messages.error(request, str(error))
    return redirect("outreach:dispatch", request.campaign.slug, found.pk)


def _page(
    request: StaffRequest, found: Dispatch, *, form: AuthoriseForm | None = None, status: int = 200
) -> HttpResponse:
    asked = request.GET
    context = dispatch_context(
        found, request.team_member, page=asked.get("page"), attention=asked.get("show") == "attention"
    )
    context["form"] = form or AuthoriseForm(initial={"plan": found.plan})
    prepared = found.state == Dispatch.State.PREPARED
    template = "outreach/dispatch.html" if prepared else "outreach/dispatch_live.html"
    return render(request, template, context, status=status)
