"""What happened before today in the demonstration, told by calling the services in the order of their times."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Protocol

from apps.accounts.models import User
from apps.campaigns.models import Campaign, TeamMember
from apps.coalitions.models import SignOnCall
from apps.coalitions.services.signatory_counts import signatory_changes_add
from apps.coalitions.services.signature_log import log_entries_number
from apps.letters.models import Letter, LetterVersion

from .local_delivery import mails_deliver_until
from .set_clock import Clock

type Act = Callable[[], object]
#: of these last days each mail leaves when it was due; before them, all mails of a day together, which takes less time
CLOSE_UP = timedelta(days=2)


class StoryTime(Protocol):
    """A time as the files write it."""

    def on(self, today: date) -> datetime: ...


@dataclass
class Story:
    """Acts at their times, and what they have made: letters, versions and calls by the keys of the files."""

    campaign: Campaign
    clock: Clock
    now: datetime
    letters: dict[str, Letter] = field(default_factory=dict)
    versions: dict[str, LetterVersion] = field(default_factory=dict)
    calls: dict[str, SignOnCall] = field(default_factory=dict)
    _acts: list[tuple[datetime, int, Act]] = field(default_factory=list)

    def __post_init__(self) -> None:
        team = TeamMember.objects.filter(campaign=self.campaign, state=TeamMember.State.ACTIVE).order_by("-pk")
        self._people = {role: member.user for member in team.select_related("user") for role in member.roles}

    def person(self, role: str) -> User:
        """The one of the cast with that role."""
        return self._people[role]

    def moment(self, written: StoryTime) -> datetime:
        return written.on(self.now.date())

    def day(self, days: int) -> date:
        return self.now.date() + timedelta(days=days)

    def at(self, moment: datetime, act: Act) -> None:
        """`act` is left out where its time is to come."""
        if moment < self.now:
            self._acts.append((moment, len(self._acts), act))

    def deliver(self) -> None:
        mails_deliver_until(clock=self.clock, until=self.clock.now)

    def play(self) -> None:
        """Acts may add later ones."""
        clock = self.clock
        while self._acts:
            self._acts.sort(key=lambda entry: entry[:2])
            moment, _number, act = self._acts.pop(0)
            day_ends = moment.date() > clock.now.date()
            if day_ends or self.now - moment < CLOSE_UP:
                mails_deliver_until(clock=clock, until=moment)
            if day_ends:
                _upkeep()  # each day's log is closed on its own day
            clock.set(moment)
            act()
        mails_deliver_until(clock=clock, until=self.now)
        _upkeep()
        clock.set(self.now)
        _upkeep()


def _upkeep() -> None:
    log_entries_number()
    signatory_changes_add()
