"""Profiles, sessions, invitations, and the mark of a demo database."""

import secrets
from datetime import timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import make_password
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from apps.core.audit import audit_record
from apps.core.errors import Conflict
from apps.core.interface_languages import interface_language
from apps.core.tokens import token_hash

from .models import DemoMark, Invitation, User
from .selectors import invitation_open

INVITATION_DAYS = 14


class DatabaseInUse(Conflict):
    """The database has people in it and is not a demo's."""


class NoSecondFactor(Conflict):
    default_message = _("There is no second factor to reset: an emailed code is enough to sign in.")


@transaction.atomic
def user_find_or_create(*, email: str, name: str, language: str = "en") -> User:
    """The account with that email address, created if there is none."""
    defaults = {"name": name.strip(), "language": language, "password": make_password(None)}
    return User.objects.get_or_create(email=email.strip().lower(), defaults=defaults)[0]


@transaction.atomic
def profile_save(*, user: User, name: str, language: str, time_zone: str, reminders: bool) -> User:
    """`time_zone` is an IANA name."""
    user.name, user.language, user.time_zone, user.reminders = name.strip(), language, time_zone, reminders
    user.save(update_fields=["name", "language", "time_zone", "reminders"])
    audit_record(verb="user.save_profile", subject=user, actor=user)
    return user


@transaction.atomic
def invitation_issue(*, user: User, invited_by: User | None, purpose: str, subject_id: int) -> tuple[Invitation, str]:
    """A new invitation and its token, which is not stored. An open one to the same subject is revoked."""
    invitations_revoke(purpose=purpose, subject_id=subject_id)
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        user=user, invited_by=invited_by, purpose=purpose, subject_id=subject_id, token_hash=token_hash(token),
        expires_at=timezone.now() + timedelta(days=INVITATION_DAYS),
    )  # fmt: skip
    return invitation, token


@transaction.atomic
def invitation_redeem(*, token: str, purpose: str) -> Invitation:
    """Accept an invitation, as `invitation_open` finds it. Its token came by email, so it also verifies the address."""
    invitation = invitation_open(token=token, purpose=purpose, lock=True)
    invitation.accepted_at = timezone.now()
    invitation.save(update_fields=["accepted_at", "updated_at"])
    EmailAddress.objects.update_or_create(
        user=invitation.user, email=invitation.user.email, defaults={"verified": True, "primary": True}
    )
    return invitation


@transaction.atomic
def invitations_revoke(*, purpose: str, subject_id: int) -> int:
    invitations = Invitation.objects.filter(purpose=purpose, subject_id=subject_id)
    return invitations.filter(accepted_at=None, revoked_at=None).update(revoked_at=timezone.now())


@transaction.atomic
def session_end(*, session: UserSession, actor: User) -> None:
    audit_record(verb="session.end", subject=actor, actor=actor)
    session.end()


@transaction.atomic
def sessions_end_others(*, user: User, current_key: str | None) -> int:
    others = list(UserSession.objects.filter(user=user).exclude(session_key=current_key or ""))
    for session in others:
        session.end()
    if others:
        audit_record(verb="session.end_others", subject=user, actor=user, sessions=len(others))
    return len(others)


@transaction.atomic
def second_factor_reset(*, user: User) -> int:
    """Remove a lost second factor and its recovery codes, end all sessions and tell the person by email. The operator
    has checked who is asking. Returns how many sessions ended. Raises NoSecondFactor."""
    person = User.objects.select_for_update().get(pk=user.pk)
    if not Authenticator.objects.filter(user=person).delete()[0]:
        raise NoSecondFactor
    sessions = list(UserSession.objects.filter(user=person))
    for session in sessions:
        session.end()
    audit_record(verb="second_factor.reset", subject=person, sessions=len(sessions))
    with override(interface_language(person.language)), timezone.override(person.time_zone):
        context = {"user": person, "at": timezone.now()}
        subject = " ".join(render_to_string("accounts/email/second_factor_reset_subject.txt", context).split())
        body = render_to_string("accounts/email/second_factor_reset.txt", context)
    EmailMessage(subject, body, to=[person.email]).send()
    return len(sessions)


@transaction.atomic
def demo_mark() -> DemoMark:
    """Mark an empty database as a demo's. Idempotent. Raises DatabaseInUse if it has people and no mark."""
    mark = DemoMark.objects.first()
    if mark is not None:
        return mark
    if User.objects.exists():
        raise DatabaseInUse(
            _("This database has people and was not created by demo mode. Use an empty one, or start without DEMO.")
        )
    return DemoMark.objects.create(id=1)
