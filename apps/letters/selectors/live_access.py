"""Who may sit at a text through a socket, asked when they come and again while they stay."""

from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.models import Session
from django.utils import timezone

from apps.accounts.models import User
from apps.campaigns.models import TeamMember
from apps.campaigns.roles import Permission
from apps.campaigns.selectors import active_membership

from ..models import LetterText
from .drafts import may_edit
from .letters import is_within, letters_visible_to, limits_by_membership, named_addressees


@dataclass(frozen=True)
class Participant:
    """Of one socket: a person of the team, through a session, at a text."""

    session_key: str
    user: User
    campaign_id: int
    text: LetterText
    can_edit: bool


def participant_for(session_key: str, campaign_slug: str, number: int, language: str) -> Participant | None:
    """None for whoever is not signed in or not on the team, or where there is no such text."""
    user = _signed_in(session_key)
    membership = active_membership(user, campaign_slug) if user else None
    if user is None or membership is None or not membership.may(Permission.READ):
        return None
    letters = letters_visible_to(user, membership.campaign).filter(number=number)
    texts = LetterText.objects.filter(letter__in=letters, language=language, letter__closed_at=None)
    text = texts.select_related("letter__campaign", "saved_by").defer("body").first()
    return (
        None
        if text is None
        else Participant(session_key, user, membership.campaign_id, text, may_edit(user, text.letter))
    )


def _signed_in(session_key: str) -> User | None:
    store: Any = import_module(settings.SESSION_ENGINE).SessionStore
    user = get_user(SimpleNamespace(session=store(session_key)))  # type: ignore[arg-type]
    return user if isinstance(user, User) else None


def participants_without_access(participants: Iterable[Participant]) -> set[Participant]:
    """Those whose session ended, who left the team, or who write and no longer may."""
    participants = list(participants)
    keys = {participant.session_key for participant in participants}
    sessions = Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
    open_sessions = set(sessions.values_list("session_key", flat=True))
    rows = TeamMember.objects.filter(
        user__in={participant.user.pk for participant in participants},
        campaign__in={participant.campaign_id for participant in participants},
        state=TeamMember.State.ACTIVE, user__is_active=True,
    )  # fmt: skip
    members = {(row.user_id, row.campaign_id): row for row in rows}
    limits = limits_by_membership(list(members.values()))
    written = {participant.text.letter_id for participant in participants if participant.can_edit}
    addressees = named_addressees(written) if any(limits.values()) else {}

    def keeps(participant: Participant) -> bool:
        member = members.get((participant.user.pk, participant.campaign_id))
        if participant.session_key not in open_sessions or member is None or not member.may(Permission.READ):
            return False
        if not participant.can_edit:
            return True
        within = is_within(limits[member.pk], addressees.get(participant.text.letter_id))
        return member.may(Permission.DRAFT) and within

    return {participant for participant in participants if not keeps(participant)}
