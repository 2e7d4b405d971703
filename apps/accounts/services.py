"""Writes about people: their profile and sessions, invitations, the mark of a demo database."""

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
from apps.core.tokens import token_hash

from .models import DemoMark, Invitation, User
from .selectors import invitation_open

INVITATION_DAYS = 14


class DatabaseInUse(Conflict):
    """People are in it already, so it is not a demo's."""


class NoSecondFactor(Conflict):
    """There is none that could be lost."""


@transaction.atomic
def user_find_or_create(*, email: str, name: str, language: str = "en") -> User:
    """The account of that address; a new one, named as given, where there is none. Two at once get the same."""
    address = email.strip().lower()
    user, _made = User.objects.get_or_create(
        email=address, defaults={"name": name.strip(), "language": language, "password": make_password(None)}
    )
    return user


@transaction.atomic
def profile_save(*, user: User, name: str, language: str, time_zone: str) -> User:
    """Store how a person wants to be named and shown times. `time_zone` is an IANA name."""
    user.name, user.language, user.time_zone = name.strip(), language, time_zone
    user.save(update_fields=["name", "language", "time_zone"])
    audit_record(verb="user.save_profile", subject=user, actor=user)
    return user


@transaction.atomic
def invitation_issue(*, user: User, invited_by: User | None, purpose: str, subject_id: int) -> tuple[Invitation, str]:
    """A new open invitation and its token, which is stored nowhere. One that was open for the same is revoked."""
    Invitation.objects.filter(
        purpose=purpose, subject_id=subject_id, accepted_at__isnull=True, revoked_at__isnull=True
    ).update(revoked_at=timezone.now())
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        user=user,
        invited_by=invited_by,
        purpose=purpose,
        subject_id=subject_id,
        token_hash=token_hash(token),
        expires_at=timezone.now() + timedelta(days=INVITATION_DAYS),
    )
    return invitation, token


@transaction.atomic
def invitation_redeem(*, token: str, purpose: str) -> Invitation:
    """Use an invitation up. Its token came by mail, so the address is verified by it.

    Raises the errors of `selectors.invitation_open`; of two at once, the second finds it used.
    """
    invitation = invitation_open(token=token, purpose=purpose, lock=True)
    invitation.accepted_at = timezone.now()
    invitation.save(update_fields=["accepted_at", "updated_at"])
    EmailAddress.objects.update_or_create(
        user=invitation.user, email=invitation.user.email, defaults={"verified": True, "primary": True}
    )
    return invitation


@transaction.atomic
def invitations_revoke(*, purpose: str, subject_id: int) -> int:
    """Withdraw what is open for that subject; how many that were."""
    return Invitation.objects.filter(
        purpose=purpose, subject_id=subject_id, accepted_at__isnull=True, revoked_at__isnull=True
    ).update(revoked_at=timezone.now())


@transaction.atomic
def session_end(*, session: UserSession, actor: User) -> None:
    """Sign the person out there."""
    audit_record(verb="session.end", subject=actor, actor=actor)
    session.end()


@transaction.atomic
def sessions_end_others(*, user: User, current_key: str | None) -> int:
    """Sign the person out everywhere but in the session `current_key`; how many that were."""
    others = list(UserSession.objects.filter(user=user).exclude(session_key=current_key or ""))
    for session in others:
        session.end()
    if others:
        audit_record(verb="session.end_others", subject=user, actor=user, sessions=len(others))
    return len(others)


@transaction.atomic
def second_factor_reset(*, user: User) -> int:
    """Take away a second factor that its owner lost, with its recovery codes; sign them out everywhere and tell them by
    mail. Done by an operator at the command line, who made sure that it is they who asked. How many sessions ended.

    Raises NoSecondFactor, also for the second of two at once.
    """
    person = User.objects.select_for_update().get(pk=user.pk)
    taken = Authenticator.objects.filter(user=person).delete()[0]
    if not taken:
        raise NoSecondFactor(_("There is no second factor to reset: a mailed code is enough to sign in."))
    sessions = list(UserSession.objects.filter(user=person))
    for session in sessions:
        session.end()
    audit_record(verb="second_factor.reset", subject=person, sessions=len(sessions))
    with override(person.language):
        context = {"user": person, "at": timezone.now()}
        subject = " ".join(render_to_string("accounts/email/second_factor_reset_subject.txt", context).split())
        body = render_to_string("accounts/email/second_factor_reset.txt", context)
    EmailMessage(subject, body, to=[person.email]).send()
    return len(sessions)


@transaction.atomic
def demo_mark() -> DemoMark:
    """Mark an empty database as a demo's, once. Raises DatabaseInUse where people are in one without the mark."""
    mark = DemoMark.objects.first()
    if mark is not None:
        return mark
    if User.objects.exists():
        raise DatabaseInUse(
            _("This database holds people and was not made by demo mode. Use an empty one, or start without DEMO.")
        )
    return DemoMark.objects.create(id=1)
