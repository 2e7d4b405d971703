"""The record: who did what, in words. Rows hold ids only; names are looked up for those who may read the page."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.core.models import AuditEvent

from .audit_details import Details
from .audit_labels import VERBS

#: models whose rows are named in the record: label → (relations to fetch, row → words)
NAMED: dict[str, tuple[list[str], Any]] = {
    "accounts.user": ([], str),
    "campaigns.teammember": (["user"], lambda row: str(row.user)),
    "letters.letter": ([], lambda row: _("letter %(n)d") % {"n": row.number}),
    "letters.lettertext": (
        ["letter"],
        lambda row: _("letter %(n)d, %(language)s") % {"n": row.letter.number, "language": row.language},
    ),
    "letters.letterversion": (
        ["letter"],
        lambda row: _("letter %(n)d, version %(v)d") % {"n": row.letter.number, "v": row.number},
    ),
    "coalitions.signoncall": (["letter"], lambda row: _("letter %(n)d") % {"n": row.letter.number}),
    "outreach.dispatch": (
        ["letter", "version"],
        lambda row: _("letter %(n)d, version %(v)d") % {"n": row.letter.number, "v": row.version.number},
    ),
    "outreach.reply": (["member"], lambda row: row.member.name),
    "sources.source": ([], str),
    "talkingpoints.talkingpoint": ([], lambda row: _("point %(n)d") % {"n": row.number}),
    "talkingpoints.fact": ([], lambda row: row.key),
    "governments.position": (["member"], lambda row: row.member.name),
    "governments.correction": (["member"], lambda row: row.member.name),
    "governments.recipient": (["office__member"], lambda row: f"{row.post}, {row.office.member.name}"),
    "governments.recipientaddress": (["recipient__office__member"], lambda row: row.recipient.office.member.name),
}


@dataclass(frozen=True)
class AuditLine:
    """One event: who (a name, or what acted), did what, to which row, with which numbers."""

    event: AuditEvent
    who: str
    what: str
    which: str
    data: list[tuple[str, str]]


def audit_events(campaign: Campaign, verb: str = "") -> QuerySet[AuditEvent]:
    """The campaign's events, newest first; of one verb where it is given."""
    rows = AuditEvent.objects.filter(campaign_id=campaign.pk).order_by("-id")
    return rows.filter(verb=verb) if verb else rows


def audit_verbs(campaign: Campaign) -> list[tuple[str, str]]:
    """(verb, words) of what has happened in the campaign, by words."""
    found = AuditEvent.objects.filter(campaign_id=campaign.pk).order_by().values_list("verb", flat=True).distinct()
    return sorted(((verb, in_words(verb)) for verb in found), key=lambda pair: pair[1])


def in_words(verb: str) -> str:
    """What the verb says to people; its own parts where nobody has put it into words."""
    return str(VERBS[verb]) if verb in VERBS else verb.replace(".", ": ").replace("_", " ")


def audit_lines(campaign: Campaign, events: Iterable[AuditEvent]) -> list[AuditLine]:
    """Events in words, in the given order; one query for each kind of row that they are about."""
    events = list(events)
    ids = {event.actor_id for event in events if event.actor_type == "user"}
    ids |= {event.data["prepared_by"] for event in events if event.data.get("prepared_by")}
    people = {str(user.pk): str(user) for user in User.objects.filter(pk__in=ids)}
    subjects = _subjects(events)
    details = Details.load(campaign, events, people)
    return [
        AuditLine(
            event=event,
            who=_actor(event, people),
            what=in_words(event.verb),
            which=subjects.get((event.subject_type, event.subject_id), ""),
            data=details.of(event),
        )
        for event in events
    ]


def _actor(event: AuditEvent, people: dict[str, str]) -> str:
    if event.actor_type == "user":
        return people.get(event.actor_id) or _("Somebody whose account is gone")
    return str(ACTORS.get(event.actor_type, event.actor_type))


ACTORS = {
    "system": gettext_lazy("The system"),
    "signer": gettext_lazy("A signatory"),
    "proposer": gettext_lazy("A reader"),
}


def _subjects(events: list[AuditEvent]) -> dict[tuple[str, str], str]:
    wanted: dict[str, set[str]] = defaultdict(set)
    for event in events:
        if event.subject_type in NAMED:
            wanted[event.subject_type].add(event.subject_id)
    words: dict[tuple[str, str], str] = {}
    for label, ids in wanted.items():
        relations, name = NAMED[label]
        rows = apps.get_model(label)._default_manager.filter(pk__in=ids)
        for row in rows.select_related(*relations) if relations else rows:
            words[label, str(row.pk)] = str(name(row))
    return words
