"""People, their sessions and their invitations."""

from datetime import timedelta

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError
from apps.core.text import joined
from apps.core.tokens import token_hash

from .models import Invitation, User


class InvitationUnknown(DomainError):
    default_message = _("This invitation does not exist. The link may be incomplete: copy the whole line.")


class InvitationExpired(DomainError):
    default_message = _("This invitation has expired. Ask the person who invited you for a new one.")


class InvitationUsed(DomainError):
    default_message = _("This invitation was already accepted. Sign in with the email address it was sent to.")


class InvitationRevoked(DomainError):
    default_message = _("This invitation was withdrawn, or a newer one was sent. Open the latest email.")


def invitation_open(*, token: str, purpose: str, lock: bool = False) -> Invitation:
    """The open invitation of a mailed token, locked with `lock`. Raises the four errors above."""
    rows = Invitation.objects.select_related("user", "invited_by")
    if lock:
        rows = rows.select_for_update(of=("self",))
    invitation = rows.filter(token_hash=token_hash(token), purpose=purpose).first()
    if invitation is None:
        raise InvitationUnknown
    if invitation.accepted_at:
        raise InvitationUsed
    if invitation.revoked_at:
        raise InvitationRevoked
    if invitation.expires_at <= timezone.now():
        raise InvitationExpired
    return invitation


def count_recent_invitations(user: User, *, within: timedelta) -> int:
    return Invitation.objects.filter(user=user, created_at__gte=timezone.now() - within).count()


def has_totp(user: User) -> bool:
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()


def recovery_codes_left(user: User) -> int | None:
    """The number of unused recovery codes; None if the person never had any."""
    kept = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    return len(kept.wrap().get_unused_codes()) if kept else None


def user_sessions(user: User) -> list[UserSession]:
    return sorted(UserSession.objects.purge_and_list(user), key=lambda session: session.last_seen_at, reverse=True)


#: what a user agent contains → the usual name; the first match counts
BROWSERS = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrom": "Chrome", "Safari": "Safari"}
SYSTEMS = {
    "Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows", "Mac OS": "Mac", "Linux": "Linux",
}  # fmt: skip


def browser_name(user_agent: str) -> str:
    """ "Firefox, Android"; the whole user agent if it has neither a known browser nor a known system."""
    found = [next((name for sign, name in known.items() if sign in user_agent), "") for known in (BROWSERS, SYSTEMS)]
    return joined(word for word in found if word) or user_agent
