"""What the two faces of a dispatch's page show."""

from typing import Any

from apps.campaigns.access import StaffRequest
from apps.campaigns.roles import Permission
from apps.coalitions.selectors import open_call

from ..forms import AuthoriseForm
from ..models import Dispatch
from ..selectors import (
    deliveries_of,
    delivery_lines,
    dispatch_plan,
    exclusion_lines,
    governments_of,
    has_begun,
    languages_in_words,
    plan_changes,
    progress_of,
    second_people,
    signatories_now,
)
from ..services.preparing import TIME_TO_ACT

#: rows of a table before "show all"
SHORT = 12


def dispatch_context(request: StaffRequest, dispatch: Dispatch, form: AuthoriseForm | None) -> dict[str, Any]:
    """Everything both faces need, and what the one that is due needs besides."""
    place = request.team_member
    left_out = exclusion_lines(dispatch)
    show_all = "all" in request.GET
    common = {
        "dispatch": dispatch,
        "form": form,
        "left_out": left_out if show_all else left_out[:SHORT],
        "left_out_count": len(left_out),
        "left_out_governments": governments_of(line.exclusion for line in left_out),
        "show_all": show_all,
        "sees_contacts": place.may(Permission.SEE_CONTACTS),
        "may_prepare": place.may(Permission.PREPARE),
    }
    if dispatch.state == Dispatch.State.PREPARED:
        return {**common, **_prepared(request, dispatch, form, show_all)}
    return {**common, **_live(dispatch, show_all)}


def _prepared(request: StaffRequest, dispatch: Dispatch, form: AuthoriseForm | None, show_all: bool) -> dict[str, Any]:
    place = request.team_member
    deliveries = list(deliveries_of(dispatch))
    fresh = dispatch_plan(campaign=dispatch.campaign, version=dispatch.version, chosen=dispatch.chosen.all())
    others = second_people(dispatch.campaign, dispatch.prepared_by_id)
    able = place.may(Permission.AUTHORISE) and place.user_id != dispatch.prepared_by_id
    return {
        "deliveries": deliveries if show_all else deliveries[:SHORT],
        "count": len(deliveries),
        "governments": governments_of(deliveries),
        "languages": languages_in_words(deliveries),
        "changes": plan_changes(dispatch, fresh),
        "signatories": signatories_now(dispatch.version),
        "call": open_call(dispatch.letter),
        "second_people": others,
        "may_authorise": able and bool(deliveries),
        "form": form or AuthoriseForm(initial={"plan": dispatch.plan}),
        "until_hours": int(TIME_TO_ACT.total_seconds() // 3600),
        "first": deliveries[0] if deliveries else None,
    }


def _live(dispatch: Dispatch, show_all: bool) -> dict[str, Any]:
    lines = delivery_lines(dispatch)
    return {
        "lines": lines if show_all else lines[: SHORT * 2],
        "progress": progress_of(lines),
        "needs_person": sum(line.needs_person for line in lines),
        "governments": governments_of(line.delivery for line in lines),
        "going_on": dispatch.state == Dispatch.State.AUTHORISED,
        "begun": has_begun(dispatch),
    }
