"""The page of one dispatch: before it is authorised, and while its letters leave."""

from typing import Any

from apps.campaigns.models import TeamMember
from apps.campaigns.roles import Permission
from apps.coalitions.selectors import open_call
from apps.coalitions.selectors.counts import version_counts

from ..models import Dispatch
from ..selectors import dispatch_deliveries, dispatch_plan, has_begun, plan_changes, possible_authorisers
from ..services.preparation import TIME_TO_ACT
from .dispatches import count_governments, exclusion_lines, languages_in_words
from .progress import delivery_lines, dispatch_progress

#: rows of a table before "show all"
SHORT = 12


def dispatch_context(dispatch: Dispatch, viewer: TeamMember, *, show_all: bool) -> dict[str, Any]:
    """What the page shows to `viewer`, forms apart."""
    left_out = exclusion_lines(dispatch)
    prepared = dispatch.state == Dispatch.State.PREPARED
    return {
        "dispatch": dispatch,
        "left_out": left_out if show_all else left_out[:SHORT],
        "left_out_count": len(left_out),
        "left_out_governments": count_governments(line.exclusion for line in left_out),
        "show_all": show_all,
        "sees_contacts": viewer.may(Permission.SEE_CONTACTS),
        "may_prepare": viewer.may(Permission.PREPARE),
        **(_prepared(dispatch, viewer, show_all) if prepared else _live(dispatch, show_all)),
    }


def _prepared(dispatch: Dispatch, viewer: TeamMember, show_all: bool) -> dict[str, Any]:
    deliveries = list(dispatch_deliveries(dispatch))
    fresh = dispatch_plan(campaign=dispatch.campaign, version=dispatch.version, chosen=dispatch.chosen.all())
    able = viewer.may(Permission.AUTHORISE) and viewer.user_id != dispatch.prepared_by_id
    return {
        "deliveries": deliveries if show_all else deliveries[:SHORT],
        "count": len(deliveries),
        "governments": count_governments(deliveries),
        "languages": languages_in_words(deliveries),
        "changes": plan_changes(dispatch, fresh),
        "signatories": version_counts(dispatch.version),
        "call": open_call(dispatch.letter),
        "second_people": possible_authorisers(dispatch.campaign, dispatch.prepared_by_id),
        "may_authorise": able and bool(deliveries),
        "until_hours": int(TIME_TO_ACT.total_seconds() // 3600),
        "first": deliveries[0] if deliveries else None,
    }


def _live(dispatch: Dispatch, show_all: bool) -> dict[str, Any]:
    lines = delivery_lines(dispatch)
    return {
        "lines": lines if show_all else lines[: SHORT * 2],
        "progress": dispatch_progress(lines),
        "needs_person": sum(line.needs_person for line in lines),
        "governments": count_governments(line.delivery for line in lines),
        "going_on": dispatch.state == Dispatch.State.AUTHORISED,
        "begun": has_begun(dispatch),
    }
