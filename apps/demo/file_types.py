"""letters.yaml, signatories.yaml and answers.yaml of the demonstration, read as strictly as a campaign's files."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from django.utils.translation import gettext as _

from apps.campaign_files.faults import Faults
from apps.campaign_files.formats import read_tree
from apps.campaign_files.schema import (
    COUNTRY,
    KEY,
    LANGUAGE,
    SLUG,
    Email,
    Entry,
    Flag,
    Integer,
    InvalidValue,
    ListOf,
    Mapping,
    Scalar,
    Shape,
    Text,
    choice,
    fit,
)
from apps.campaigns.roles import Role
from apps.coalitions.models import SignOn, SignOnCall
from apps.coalitions.pages.sign_on_labels import ORGANISATION_KINDS
from apps.governments.models import Position
from apps.letters.models import Letter
from apps.outreach.models import Touch

WRITTEN = re.compile(r"(-?\d{1,3}) (\d\d):(\d\d)")


@dataclass(frozen=True)
class DayAndTime:
    """So many days after the one on which the demonstration is loaded, at that time (UTC)."""

    days: int
    at: time

    def on(self, today: date) -> datetime:
        return datetime.combine(today + timedelta(days=self.days), self.at, UTC)


class Moment(Scalar):
    """ "-13 09:05", in quotes: thirteen days ago at 09:05 UTC."""

    def parse(self, raw: str, tag: str) -> DayAndTime:
        found = WRITTEN.fullmatch(raw)
        if tag != "str" or found is None or not (int(found[2]) < 24 and int(found[3]) < 60):
            raise InvalidValue(_('“%(raw)s” is not a day and a time. Write it as "-13 09:05".') % {"raw": raw[:60]})
        return DayAndTime(int(found[1]), time(int(found[2]), int(found[3])))


DAYS = Integer(-400, 400)
CALL = Mapping(
    required={"opens": Moment(), "closes": Moment(), "moderation": choice(*SignOnCall.Moderation.values)},
    optional={"deliver_in": DAYS, "looked_at_from": Moment()},
)
MAILING = Mapping(
    required={"members": ListOf(COUNTRY, least=1), "prepared": Moment()},
    optional={"authorised": Moment(), "ends": Moment()},
)
LETTERS = Mapping(
    required={
        "conference_in_days": Integer(1, 400),
        "letters": ListOf(
            Mapping(
                required={"key": KEY, "template": KEY, "languages": ListOf(LANGUAGE, least=1), "drafted": Moment()},
                optional={
                    "title": fit(Letter, "title"),
                    "to_all": Flag(),
                    "groups": ListOf(SLUG),
                    "review_asked": Moment(),
                    "approved": Moment(),
                    "frozen": Moment(),
                    "call": CALL,
                    "mailings": ListOf(MAILING, repeats=True),
                },
            )
        ),
    },
    optional={"schema_version": Integer(1, 1)},
)

SIGNED = Mapping(required={}, optional={"first": Moment(), "second": Moment()})
ANYBODY: dict[str, Shape] = {
    "language": LANGUAGE,
    "mail": Email(254),
    "visibility": choice(*SignOn.Visibility.values),
    "then": choice("accepted", "waiting", "asked", "rejected", "unconfirmed", "withdrawn"),
    "question": Text(300),
    "reason": Text(300),
}
ORGANISATION = Mapping(
    required={
        "name": fit(SignOn, "org_name"),
        "kind": choice(*(value for value, _label in ORGANISATION_KINDS)),
        "country": COUNTRY,
        "site": Text(120),
        "person": Text(120),
        "post": Text(120),
        "signed": SIGNED,
    },
    optional={
        **ANYBODY,
        "english": fit(SignOn, "org_name_english"),
        "acronym": fit(SignOn, "org_acronym"),
        "members": Integer(1, 2_000_000_000),
    },
)
PERSON = Mapping(
    required={"name": Text(120), "country": COUNTRY, "mail": Email(254), "signed": SIGNED}, optional=ANYBODY
)
SIGNATORIES = Mapping(
    required={"organisations": ListOf(ORGANISATION, repeats=True), "people": ListOf(PERSON, repeats=True)},
    optional={"schema_version": Integer(1, 1)},
)

ANSWERS = Mapping(
    required={
        "mails": ListOf(
            Mapping(
                required={
                    "letter": KEY,
                    "to": Email(254),
                    "at": Moment(),
                    "kind": choice("reply", "absence", "receipt", "delay", "bounce"),
                },
                optional={
                    "text": Text(4000, lines=True),
                    "position": Mapping(
                        required={
                            "stance": choice(*Position.Stance.values),
                            "statement": fit(Position, "statement"),
                        }
                    ),
                    "summary": Text(600),
                    "meeting": Mapping(
                        required={
                            "at": Moment(),
                            "channel": choice(*Touch.Channel.values),
                            "where": Text(200),
                            "summary": Text(2000),
                        }
                    ),
                    "next_step": Mapping(
                        required={"what": Text(300), "due_in": Integer(0, 60), "who": choice(*Role.values)}
                    ),
                },
            ),
            repeats=True,
        )
    },
    optional={"schema_version": Integer(1, 1)},
)
FILES = {"letters.yaml": LETTERS, "signatories.yaml": SIGNATORIES, "answers.yaml": ANSWERS}


@dataclass(frozen=True)
class StoryFiles:
    letters: Entry
    signatories: Entry
    answers: Entry


def read_story(folder: Path) -> StoryFiles:
    """Raises InvalidFiles with every fault."""
    faults = Faults()
    found: dict[str, Entry] = {}
    for name, shape in FILES.items():
        report = faults.report(name)
        node = read_tree(folder / name, report)
        if isinstance(entry := shape.read(node, report) if node else None, Entry):
            found[name.removesuffix(".yaml")] = entry
    faults.raise_if_any()
    return StoryFiles(**found)
