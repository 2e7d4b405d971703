"""The audit log in words. Rows have only ids; names are looked up for each page."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import JSONField, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.core.language_names import language_name
from apps.core.models import AuditEvent

from .audit_details import Details
from .audit_labels import VERBS

#: model label → (relations to fetch, name of a row)
NAMED: dict[str, tuple[list[str], Callable[[Any], str]]] = {
    "accounts.user": ([], str),
    "campaigns.teammember": (["user"], lambda row: str(row.user)),
    "letters.letter": ([], lambda row: _("letter %(n)d") % {"n": row.number}),
    "letters.lettertext": (
        ["letter"],
        lambda row: _("letter %(n)d, %(language)s") % {"n": row.letter.number, "language": language_name(row.language)},
    ),
    "letters.letterversion": (
        ["letter"],
        lambda row: _("letter %(n)d, version %(v)d") % {"n": row.letter.number, "v": row.number},
    ),
    "coalitions.organisation": ([], str),
    "coalitions.signoncall": (["letter"], lambda row: _("letter %(n)d") % {"n": row.letter.number}),
    "outreach.dispatch": (
        ["letter", "version"],
        lambda row: _("letter %(n)d, version %(v)d") % {"n": row.letter.number, "v": row.version.number},
    ),
    "outreach.followup": (["member"], lambda row: row.member.name),
    "outreach.sentanswer": (["delivery__member"], lambda row: row.delivery.member.name),
    "outreach.touch": (["member"], lambda row: row.member.name),
    "outreach.reply": (["member"], lambda row: row.member.name),
    "sources.source": ([], str),
    "talkingpoints.talkingpoint": ([], lambda row: _("point %(n)d") % {"n": row.number}),
    "talkingpoints.fact": ([], lambda row: row.key),
    "governments.office": (["member"], lambda row: row.member.name),
    "governments.position": (["member"], lambda row: row.member.name),
    "governments.correction": (["member"], lambda row: row.member.name),
    "governments.recipient": (["office__member"], lambda row: f"{row.post}, {row.office.member.name}"),
    "governments.recipientaddress": (["recipient__office__member"], lambda row: row.recipient.office.member.name),
}


@dataclass(frozen=True)
class AuditLine:
    """An event: who did what to which row, and details."""

    event: AuditEvent
    who: str
    what: str
    which: str
    details: str


def audit_events(campaign: Campaign, verb: str = "") -> QuerySet[AuditEvent]:
    rows = AuditEvent.objects.filter(campaign_id=campaign.pk).order_by("-id")
    return rows.filter(verb=verb) if verb else rows


def audit_verbs(campaign: Campaign) -> list[tuple[str, str]]:
    found = AuditEvent.objects.filter(campaign_id=campaign.pk).order_by().values_list("verb", flat=True).distinct()
    return sorted(((verb, verb_label(verb)) for verb in found), key=lambda pair: pair[1])


def verb_label(verb: str) -> str:
    return str(VERBS[verb]) if verb in VERBS else verb.replace(".", ": ").replace("_", " ")


def audit_lines(campaign: Campaign, events: Iterable[AuditEvent]) -> list[AuditLine]:
    events = list(events)
    ids = {event.actor_id for event in events if event.actor_type == "user"}
    keys = ("prepared_by", "proposed_by")
    ids |= {event.data[key] for event in events for key in keys if event.data.get(key)}
    people = {str(user.pk): str(user) for user in User.objects.filter(pk__in=ids)}
    subjects = _subjects(events)
    details = Details.load(campaign, events, people)
    return [
        AuditLine(
            event=event,
            who=_actor(event, people),
            what=verb_label(event.verb),
            which=subjects.get((event.subject_type, event.subject_id), ""),
            details=details.sentence(event),
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
    "guest": gettext_lazy("A guest"),
}


def _subjects(events: list[AuditEvent]) -> dict[tuple[str, str], str]:
    wanted: dict[str, set[str]] = defaultdict(set)
    for event in events:
        if event.subject_type in NAMED:
            wanted[event.subject_type].add(event.subject_id)
    words: dict[tuple[str, str], str] = {}
    for label, ids in wanted.items():
        relations, name = NAMED[label]
        model = apps.get_model(label)
        documents = [field.name for field in model._meta.fields if isinstance(field, JSONField)]
        rows = model._default_manager.filter(pk__in=ids).defer(*documents)
        for row in rows.select_related(*relations) if relations else rows:
            words[label, str(row.pk)] = str(name(row))
    return words
