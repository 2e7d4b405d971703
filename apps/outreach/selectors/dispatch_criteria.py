"""Whom a mailing is for: the criteria that are kept with it, and which governments meet them."""

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Self

from django.db.models import Q

from apps.campaigns.models import Campaign
from apps.coalitions.models import Annex
from apps.core.languages import primary_language
from apps.core.types import JsonObject
from apps.governments.models import GroupMembership, Member, Recipient
from apps.governments.selectors import reference_day, stances_on
from apps.letters.models import Letter, LetterVersion
from apps.letters.selectors.stance_changes import StanceChange, stances_changed
from apps.postbox.models import MessageState

from ..models import Delivery, Dispatch, Exclusion
from .unanswered import answer_status

Reason = Exclusion.Reason
#: for governments of which no position is known
NO_STANCE = "none"


@dataclass(frozen=True)
class Criteria:
    """All must be met; of each, one value is enough, and none means any. `members` are codes. With `recipients` (ids),
    only these are considered at all. `copies`: kinds of offices that get a copy of what others get."""

    groups: tuple[str, ...] = ()
    stances: tuple[str, ...] = ()
    stance_day: str = ""
    languages: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    recipients: tuple[int, ...] = ()
    not_written: str = ""
    #: of `silence`: EVER, or the id of the mailing that they have not answered
    unanswered: str = ""
    offices: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    first_only: bool = False
    own_language_only: bool = False
    #: codes of members that get the frozen letter although their position has changed
    despite_stance: tuple[str, ...] = ()

    @classmethod
    def of(cls, stored: JsonObject) -> Self:
        """From what `stored` returned."""
        known = {field.name for field in fields(cls)}
        values: JsonObject = {
            name: tuple(value) if isinstance(value, list) else value for name, value in stored.items()
        }
        return cls(**{name: value for name, value in values.items() if name in known})

    @property
    def stored(self) -> JsonObject:
        return {name: value for name, value in asdict(self).items() if value}


class MemberFilter:
    """Which governments meet the criteria now. Reads what it needs once, whatever their number."""

    def __init__(
        self, campaign: Campaign, version: LetterVersion, criteria: Criteria, stored: Dispatch | None = None,
        addendum: Annex | None = None,
    ) -> None:  # fmt: skip
        self.criteria, letter = criteria, version.letter
        self.held_back = stances_held_back(version, campaign, criteria) if addendum is None else {}
        day = reference_day(campaign)
        self.in_groups = _in_groups(criteria.groups, day) if criteria.groups else None
        self.stances = _stances(campaign, criteria, day) if criteria.stances else None
        self.answer_status = answer_status(campaign, criteria.unanswered) if criteria.unanswered else None
        self.written = governments_written_to(campaign, letter, criteria.not_written, but=stored)

    def reason_against(self, member: Member) -> str:
        """Why the member is not chosen, or ""."""
        if self.criteria.members and member.code not in self.criteria.members:
            return Reason.NOT_LISTED
        if self.in_groups is not None and member.pk not in self.in_groups:
            return Reason.OTHER_GROUP
        if self.stances is not None and self.stances.get(member.pk, NO_STANCE) not in self.criteria.stances:
            return Reason.OTHER_STANCE
        if self.answer_status is not None and member.pk not in self.answer_status.reached:
            return Reason.NOT_REACHED
        if self.answer_status is not None and member.pk in self.answer_status.answered:
            return Reason.ANSWERED
        if member.pk in self.written:
            return Reason.WRITTEN_TO
        return Reason.STANCE_CHANGED if member.code in self.held_back else ""

    def not_addressed(self, addressees: Iterable[Member]) -> list[Member]:
        """Those on the list of governments that the letter does not address."""
        missing = {*self.criteria.members} - {member.code for member in addressees}
        return list(Member.objects.filter(code__in=missing)) if missing else []

    def language_against(self, recipient: Recipient) -> str:
        wanted = {primary_language(code) for code in self.criteria.languages}
        return Reason.OTHER_LANGUAGE if wanted and primary_language(recipient.language) not in wanted else ""


def stances_held_back(version: LetterVersion, campaign: Campaign, criteria: Criteria) -> dict[str, StanceChange]:
    """{code: change} of those whose letter waits, since their position is another one than at the freeze and decides
    what the letter says. A person may send it nevertheless."""
    found = stances_changed(version, campaign)
    return {code: change for code, change in found.items() if code not in criteria.despite_stance}


def _in_groups(slugs: Collection[str], day: date) -> set[int]:
    held = GroupMembership.objects.on(day).filter(group__slug__in=slugs)
    return set(held.values_list("member_id", flat=True))


def _stances(campaign: Campaign, criteria: Criteria, day: date) -> dict[int, str]:
    on = date.fromisoformat(criteria.stance_day) if criteria.stance_day else day
    return {pk: position.stance for pk, position in stances_on(campaign, on).items()}


def governments_written_to(campaign: Campaign, letter: Letter, what: str, but: Dispatch | None = None) -> set[int]:
    """Ids of those that got, or are about to get, this `letter`, or any letter ("ever"); "" asks for none. What came
    back or was stopped does not count, nor what the mailing `but` sends."""
    if not what:
        return set()
    alive = Q(message__isnull=False) & ~Q(message__state__in=MessageState.DEAD)
    coming = Q(message=None, dispatch__state__in=[Dispatch.State.AUTHORISED, Dispatch.State.PAUSED])
    rows = Delivery.objects.filter(alive | coming, dispatch__campaign=campaign, dispatch__addendum=None)
    rows = rows.filter(dispatch__letter=letter) if what == "letter" else rows
    rows = rows.exclude(dispatch=but) if but else rows
    return set(rows.order_by().values_list("member_id", flat=True).distinct())
