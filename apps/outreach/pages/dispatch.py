"""The page of a mailing: who gets a letter and who does not, and its progress."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Paginator
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from apps.accounts.models import User
from apps.campaigns.models import TeamMember
from apps.campaigns.roles import Permission
from apps.coalitions.selectors.calls import open_call
from apps.coalitions.selectors.signatory_counts import version_counts
from apps.core.language_names import language_label
from apps.core.times import reader_time

from ..letter_rendering import frozen_counts, unprintable_names
from ..models import Delivery, Dispatch, Exclusion
from ..selectors.dispatch_plan import dispatch_plan, fields_named, plan_changes
from ..selectors.dispatches import dispatch_deliveries, has_begun
from ..services.preparation import TIME_TO_ACT
from .dispatch_progress import delivery_lines, dispatch_progress

PER_PAGE = 25


def dispatch_context(
    dispatch: Dispatch, viewer: TeamMember, *, page: str | None = None, left_out_page: str | None = None
) -> dict[str, object]:
    """The template context, without forms."""
    sees_contacts = viewer.may(Permission.SEE_CONTACTS)
    left_out = exclusion_lines(dispatch, sees_contacts=sees_contacts)
    prepared = dispatch.state == Dispatch.State.PREPARED
    return {
        "dispatch": dispatch,
        "left_out": Paginator(left_out, PER_PAGE).get_page(left_out_page),
        "left_out_count": len(left_out),
        "left_out_governments": count_governments(line.exclusion for line in left_out),
        "sees_contacts": sees_contacts,
        "may_prepare": viewer.may(Permission.PREPARE),
        **(_prepared(dispatch, viewer, page) if prepared else _live(dispatch, page)),
    }


def _prepared(dispatch: Dispatch, viewer: TeamMember, page: str | None) -> dict[str, object]:
    deliveries = list(dispatch_deliveries(dispatch))
    addendum = dispatch.addendum
    fresh = dispatch_plan(
        campaign=dispatch.campaign, version=dispatch.version, chosen=dispatch.chosen.all(), addendum=addendum
    )
    able = viewer.may(Permission.AUTHORISE) and viewer.user_id != dispatch.prepared_by_id
    return {
        "deliveries": Paginator(deliveries, PER_PAGE).get_page(page),
        "count": len(deliveries),
        "governments": count_governments(deliveries),
        "languages": languages_in_words(deliveries),
        "missed": 0 if addendum else sum(bool(delivery.missed_language) for delivery in deliveries),
        "missed_languages": sorted({delivery.missed_language for delivery in deliveries} - {""}),
        "changes": plan_changes(dispatch, fresh),
        "unprintable": [] if addendum else unprintable_names(dispatch, deliveries),
        "signatories": frozen_counts(addendum) if addendum else version_counts(dispatch.version),
        "call": None if addendum else open_call(dispatch.letter),
        "second_people": possible_authorisers(dispatch),
        "may_authorise": able and bool(deliveries),
        "until_hours": int(TIME_TO_ACT.total_seconds() // 3600),
        "first": deliveries[0] if deliveries else None,
    }


def _live(dispatch: Dispatch, page: str | None) -> dict[str, object]:
    lines = delivery_lines(dispatch)
    return {
        "lines": Paginator(lines, PER_PAGE * 2).get_page(page),
        "progress": dispatch_progress(lines),
        "needs_person": sum(line.needs_person for line in lines),
        "governments": count_governments(line.delivery for line in lines),
        "signatories": frozen_counts(dispatch.annex) if dispatch.annex else None,
        "going_on": dispatch.state == Dispatch.State.AUTHORISED,
        "begun": has_begun(dispatch),
    }


def possible_authorisers(dispatch: Dispatch) -> list[User]:
    """Who may authorise the mailing, by name."""
    team = TeamMember.objects.filter(campaign=dispatch.campaign, state=TeamMember.State.ACTIVE)
    others = team.exclude(user=dispatch.prepared_by_id).select_related("user").order_by("user__name")
    return [membership.user for membership in others if membership.may(Permission.AUTHORISE)]


@dataclass(frozen=True)
class ExclusionLine:
    """Who gets no letter, why, and the link to correct it (`url` may be "")."""

    exclusion: Exclusion
    why: str
    act: str
    url: str


def exclusion_lines(dispatch: Dispatch, *, sees_contacts: bool) -> list[ExclusionLine]:
    rows = dispatch.exclusions.select_related("member", "recipient__office").order_by("member__sort_en", "pk")
    return [_exclusion_line(dispatch, row, sees_contacts) for row in rows]


def _detail(row: Exclusion) -> str:
    """In the reader's language and zone: the row has codes and values only."""
    match row.reason:
        case Exclusion.Reason.MISSING_VALUE:
            return fields_named(row.detail.split(", "))
        case Exclusion.Reason.BOUNCED:
            return _("The last one bounced on %(day)s") % {"day": reader_time(datetime.fromisoformat(row.detail))}
        case Exclusion.Reason.ALREADY_SENT if row.detail.startswith("same:"):
            return _("The same address as %(post)s, who gets it") % {"post": row.detail.removeprefix("same:")}
        case Exclusion.Reason.ALREADY_SENT:
            return _("The letter went to this address before")
    return row.detail


def _exclusion_line(dispatch: Dispatch, row: Exclusion, sees_contacts: bool) -> ExclusionLine:
    why = str(Exclusion.Reason(row.reason).label)
    if row.detail:
        why += (": " if row.reason == Exclusion.Reason.MISSING_VALUE else ". ") + _detail(row)
    acts = {
        Exclusion.Reason.NO_RECIPIENT: pgettext("recipient", "Add one"),
        Exclusion.Reason.NO_ADDRESS: pgettext("email address", "Add one"),
        Exclusion.Reason.BOUNCED: pgettext("address", "Find one"),
        Exclusion.Reason.MISSING_VALUE: pgettext("value", "Fill it in"),
        Exclusion.Reason.ALREADY_SENT: pgettext("letter", "See it"),
        Exclusion.Reason.SUPPRESSED: _("See the address"),
    }
    campaign = dispatch.campaign.slug
    if row.reason == Exclusion.Reason.SUPPRESSED and sees_contacts:
        url = reverse("recipients:recipient", args=[campaign, row.recipient_id])
        return ExclusionLine(row, why, _("Ask, then allow it"), f"{url}#addresses")
    if row.reason in acts:
        url = reverse("dashboard:government", args=[campaign, row.member.code])
        return ExclusionLine(row, why, acts[Exclusion.Reason(row.reason)], url)
    if row.reason == Exclusion.Reason.NO_EDITION:
        url = reverse("letters:version", args=[campaign, dispatch.letter.number, dispatch.version.number])
        return ExclusionLine(row, why, _("See the texts"), url)
    return ExclusionLine(row, why, "", "")


def languages_in_words(deliveries: Iterable[Delivery]) -> list[tuple[str, int]]:
    """(language name, number of letters), most letters first."""
    found = Counter(delivery.language for delivery in deliveries)
    return [(language_label(code), n) for code, n in found.most_common()]


def count_governments(deliveries: Iterable[Delivery | Exclusion]) -> int:
    return len({row.member_id for row in deliveries})
