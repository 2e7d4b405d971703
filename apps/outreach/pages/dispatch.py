"""The page of a mailing: who gets a letter and who does not, and its progress."""

from collections import Counter
from collections.abc import Iterable

from django.core.paginator import Paginator
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.campaigns.models import TeamMember
from apps.campaigns.roles import Permission
from apps.coalitions.selectors.calls import open_call
from apps.coalitions.selectors.signatory_counts import version_counts
from apps.core.language_names import language_label
from apps.postbox.selectors.kill_switch import hold_reason, switch_read

from ..letter_rendering import frozen_counts, unprintable_names
from ..models import Delivery, Dispatch
from ..selectors.dispatch_plan import plan_again
from ..selectors.dispatches import has_begun, planned_letters
from ..selectors.failed_letters import letters_to_repeat
from ..selectors.plan_differences import plan_changes
from ..sending_terms import Terms
from .dispatch_choice import criteria_in_words, terms_in_words
from .dispatch_decisions import dispatch_decisions
from .dispatch_progress import delivery_lines, dispatch_progress, quiet_hours, region_lines, sending_rate, sending_time
from .dispatch_rows import exclusion_lines, reason_folds, region_folds

PER_PAGE = 25


def dispatch_context(
    dispatch: Dispatch, viewer: TeamMember, *, page: str | None = None, attention: bool = False
) -> dict[str, object]:
    """The template context, without forms. `attention`: of the letters only those that need a person."""
    sees_contacts = viewer.may(Permission.SEE_CONTACTS)
    left_out = exclusion_lines(dispatch, sees_contacts=sees_contacts)
    prepared = dispatch.state == Dispatch.State.PREPARED
    ends = _("Five days after sending begins") if prepared else dispatch.expires_at
    return {
        "dispatch": dispatch,
        "left_out": reason_folds(left_out),
        "sees_contacts": sees_contacts,
        "may_prepare": viewer.may(Permission.PREPARE),
        "criteria": criteria_in_words(dispatch),
        "terms": terms_in_words(Terms.of(dispatch), dispatch.campaign, ends),
        "decisions": dispatch_decisions(dispatch),
        **(_prepared(dispatch, viewer) if prepared else _live(dispatch, viewer, page, attention)),
    }


def _prepared(dispatch: Dispatch, viewer: TeamMember) -> dict[str, object]:
    deliveries = planned_letters(dispatch)
    addendum = dispatch.addendum
    fresh = plan_again(dispatch)
    able = viewer.may(Permission.AUTHORISE) and viewer.user_id not in dispatch.maker_ids
    return {
        "regions": region_folds(deliveries, dispatch),
        "copies": sum(delivery.is_copy for delivery in deliveries),
        "count": len(deliveries),
        "governments": count_governments(deliveries),
        "without": governments_without(dispatch, deliveries),
        "languages": languages_in_words(deliveries),
        "missed": 0 if addendum else sum(bool(delivery.missed_language) for delivery in deliveries),
        "missed_languages": sorted({delivery.missed_language for delivery in deliveries} - {""}),
        "changes": plan_changes(dispatch, fresh),
        "unprintable": [] if addendum else unprintable_names(dispatch, deliveries),
        "signatories": frozen_counts(addendum) if addendum else version_counts(dispatch.version),
        "call": None if addendum else open_call(dispatch.letter),
        "second_people": possible_authorisers(dispatch),
        "may_authorise": able and bool(deliveries),
        "too_late": Terms.of(dispatch).too_late(
            [row.address.address.rpartition("@")[2].lower() for row in deliveries], timezone.now()
        ),
        "starts": Terms.of(dispatch).send_at,
        "missed_start": dispatch.send_at is not None and dispatch.send_at <= timezone.now(),
        "first": deliveries[0] if deliveries else None,
    }


def _live(dispatch: Dispatch, viewer: TeamMember, page: str | None, attention: bool) -> dict[str, object]:
    held = hold_reason(switch_read())
    lines = delivery_lines(dispatch, held)
    paused = dispatch.state == Dispatch.State.PAUSED
    waiting = [line for line in lines if line.needs_person]
    return {
        "held": held,
        "regions": region_lines(lines),
        "rate": sending_rate(lines) if dispatch.state == Dispatch.State.AUTHORISED and not held else None,
        "took": sending_time(lines),
        "quiet": quiet_hours(lines) if dispatch.state == Dispatch.State.AUTHORISED else None,
        "repeatable": list(letters_to_repeat(dispatch.campaign).filter(dispatch=dispatch)),
        "paused": paused,
        "may_resume": paused and viewer.may(Permission.AUTHORISE) and viewer.user_id not in dispatch.maker_ids,
        "lines": Paginator(waiting if attention and waiting else lines, PER_PAGE).get_page(page),
        "progress": dispatch_progress(lines),
        "needs_person": len(waiting),
        "attention": attention and bool(waiting),
        "governments": count_governments(line.delivery for line in lines),
        "signatories": frozen_counts(dispatch.annex) if dispatch.annex else None,
        "going_on": dispatch.state == Dispatch.State.AUTHORISED,
        "begun": has_begun(dispatch),
    }


def possible_authorisers(dispatch: Dispatch) -> list[User]:
    """Who may authorise the mailing, by name."""
    team = TeamMember.objects.filter(campaign=dispatch.campaign, state=TeamMember.State.ACTIVE)
    others = team.exclude(user__in=dispatch.maker_ids).select_related("user").order_by("user__name")
    return [membership.user for membership in others if membership.may(Permission.AUTHORISE)]


def languages_in_words(deliveries: Iterable[Delivery]) -> list[tuple[str, int]]:
    """(language name, number of letters), most letters first."""
    found = Counter(delivery.language for delivery in deliveries)
    return [(language_label(code), n) for code, n in found.most_common()]


def governments_without(dispatch: Dispatch, deliveries: Iterable[Delivery]) -> int:
    """Those that are left out as a whole, or with each of their recipients."""
    return len({row.member_id for row in dispatch.exclusions.all()} - {row.member_id for row in deliveries})


def count_governments(deliveries: Iterable[Delivery]) -> int:
    return len({row.member_id for row in deliveries})
