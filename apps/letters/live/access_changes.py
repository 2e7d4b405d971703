"""Tells the processes of sockets when somebody may have lost access, so that they need not wait for their next look."""

from typing import Any

from django.contrib.sessions.models import Session
from django.db.models.signals import post_delete, post_save

from apps.accounts.models import User
from apps.campaigns.models import TeamMember

from ..models import LetterText
from ..transports.live_messages import access_tell


def watch_access() -> None:
    """A changed membership, a session that ended (signing out deletes it), a person who was locked out."""
    post_save.connect(_changed, sender=TeamMember)
    post_delete.connect(_changed, sender=TeamMember)
    post_delete.connect(_changed, sender=Session)
    post_save.connect(_person_changed, sender=User)
    post_save.connect(_text_changed, sender=LetterText)


def _changed(created: bool = False, **_about: Any) -> None:
    if not created:
        access_tell()


def _person_changed(instance: User, **_about: Any) -> None:
    if not instance.is_active:
        access_tell()


def _text_changed(instance: LetterText, **_about: Any) -> None:
    if instance.removed_at:
        access_tell()
