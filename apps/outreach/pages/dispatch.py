"""The page of one dispatch: before it is authorised, and while its letters leave."""

from django.core.paginator import Paginator

from apps.campaigns.models import TeamMember
from apps.campaigns.roles import Permission
from apps.coalitions.selectors import open_call
from apps.coalitions.selectors.counts import version_counts
from apps.core.types import JsonObject

from ..delivery_rendering import unprintable_names
from ..models import Dispatch
from ..selectors import dispatch_deliveries, dispatch_plan, has_begun, plan_changes, possible_authorisers
from ..services.preparation import TIME_TO_ACT
from .dispatches import count_governments, exclusion_lines, languages_in_words
from .progress import delivery_lines, dispatch_progress

PER_PAGE = 25


def dispatch_context(
    dispatch: Dispatch, viewer: TeamMember, *, page: str | None = None, left_out_page: str | None = None
) -> JsonObject:
    """What the page shows to `viewer`, forms apart: of letters and of who is left out, one page each."""
    left_out = exclusion_lines(dispatch)
    prepared = dispatch.state == Dispatch.State.PREPARED
    return {
        "dispatch": dispatch,
        "left_out": Paginator(left_out, PER_PAGE).get_page(left_out_page),
        "left_out_count": len(left_out),
        "left_out_governments": count_governments(line.exclusion for line in left_out),
        "sees_contacts": viewer.may(Permission.SEE_CONTACTS),
        "may_prepare": viewer.may(Permission.PREPARE),
        **(_prepared(dispatch, viewer, page) if prepared else _live(dispatch, page)),
    }


def _prepared(dispatch: Dispatch, viewer: TeamMember, page: str | None) -> JsonObject:
    deliveries = list(dispatch_deliveries(dispatch))
    fresh = dispatch_plan(campaign=dispatch.campaign, version=dispatch.version, chosen=dispatch.chosen.all())
    able = viewer.may(Permission.AUTHORISE) and viewer.user_id != dispatch.prepared_by_id
    return {
        "deliveries": Paginator(deliveries, PER_PAGE).get_page(page),
        "count": len(deliveries),
        "governments": count_governments(deliveries),
        "languages": languages_in_words(deliveries),
        "changes": plan_changes(dispatch, fresh),
        "unprintable": unprintable_names(dispatch, deliveries),
        "signatories": version_counts(dispatch.version),
        "call": open_call(dispatch.letter),
        "second_people": possible_authorisers(dispatch.campaign, dispatch.prepared_by_id),
        "may_authorise": able and bool(deliveries),
        "until_hours": int(TIME_TO_ACT.total_seconds() // 3600),
        "first": deliveries[0] if deliveries else None,
    }


def _live(dispatch: Dispatch, page: str | None) -> JsonObject:
    lines = delivery_lines(dispatch)
    return {
        "lines": Paginator(lines, PER_PAGE * 2).get_page(page),
        "progress": dispatch_progress(lines),
        "needs_person": sum(line.needs_person for line in lines),
        "governments": count_governments(line.delivery for line in lines),
        "going_on": dispatch.state == Dispatch.State.AUTHORISED,
        "begun": has_begun(dispatch),
    }
