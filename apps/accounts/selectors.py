"""Reads about people and their invitations."""

from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import DatabaseError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError
from apps.core.tokens import token_hash

from .models import DemoMark, Invitation, User


class InvitationUnknown(DomainError):
    """No invitation has this token."""


class InvitationExpired(DomainError):
    """It was open for two weeks and nobody took it."""


class InvitationUsed(DomainError):
    """It was accepted already."""


class InvitationRevoked(DomainError):
    """It was withdrawn, or a newer one took its place."""


def invitation_open(*, token: str, purpose: str, lock: bool = False) -> Invitation:
    """The open invitation that a mailed token belongs to; with `lock`, its row is locked (inside a transaction).

    Raises InvitationUnknown, InvitationUsed, InvitationRevoked, InvitationExpired.
    """
    rows = Invitation.objects.select_related("user", "invited_by")
    if lock:
        rows = rows.select_for_update(of=("self",))
    invitation = rows.filter(token_hash=token_hash(token), purpose=purpose).first()
    if invitation is None:
        raise InvitationUnknown(
            _("This invitation does not exist. Mail programs sometimes cut links: copy the whole line.")
        )
    if invitation.accepted_at:
        raise InvitationUsed(_("This invitation was accepted already. Sign in with the address it came to."))
    if invitation.revoked_at:
        raise InvitationRevoked(
            _("This invitation was withdrawn, or a newer one was sent. Open the latest mail, or ask who invited you.")
        )
    if invitation.expires_at <= timezone.now():
        raise InvitationExpired(_("This invitation has expired. Ask who invited you for a new one."))
    return invitation


def invitations_lately(user: User, *, within: timedelta) -> int:
    """How many invitations the person was sent in that time, by whichever campaign."""
    since: datetime = timezone.now() - within
    return Invitation.objects.filter(user=user, created_at__gte=since).count()


def has_totp(user: User) -> bool:
    """Whether signing in asks this person for a code of their authenticator app."""
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()


def recovery_codes_left(user: User) -> int | None:
    """How many recovery codes are unused; None where there are none at all."""
    kept = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    return len(kept.wrap().get_unused_codes()) if kept else None


def sessions_of(user: User) -> list[UserSession]:
    """The places where the person is signed in, the latest used first."""
    return sorted(UserSession.objects.purge_and_list(user), key=lambda session: session.last_seen_at, reverse=True)


#: what a browser's own description contains → what people call it; the first that fits
BROWSERS = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrom": "Chrome", "Safari": "Safari"}
SYSTEMS = {
    "Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows", "Mac OS": "Mac", "Linux": "Linux",
}  # fmt: skip


def browser_words(user_agent: str) -> str:
    """ "Firefox, Android": enough to tell one's own browsers apart; the whole text where it says neither."""
    found = [next((name for sign, name in known.items() if sign in user_agent), "") for known in (BROWSERS, SYSTEMS)]
    return ", ".join(word for word in found if word) or user_agent


def demo_marked() -> bool:
    """Whether demo mode made this database. False also where the table is not there yet."""
    try:
        return DemoMark.objects.exists()
    except DatabaseError:
        return False
