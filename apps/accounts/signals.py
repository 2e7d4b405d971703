"""Audit rows for sign-ins and changes of the second factor."""

from allauth.account.signals import user_logged_in
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.dispatch import receiver
from django.http import HttpRequest

from apps.core.audit import audit_record

from .models import User
from .services import sessions_end_others


@receiver(user_logged_in)
def on_sign_in(user: User, **kwargs: object) -> None:
    audit_record(verb="user.sign_in", subject=user, actor=user)


@receiver(authenticator_added)
def on_second_factor_added(request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: object) -> None:
    """Ends the other sessions, which did not pass the second factor."""
    if authenticator.type == Authenticator.Type.TOTP:
        audit_record(verb="second_factor.set_up", subject=user, actor=user)
        sessions_end_others(user=user, current_key=request.session.session_key)


@receiver(authenticator_removed)
def on_second_factor_removed(user: User, authenticator: Authenticator, **kwargs: object) -> None:
    if authenticator.type == Authenticator.Type.TOTP:
        audit_record(verb="second_factor.remove", subject=user, actor=user)


@receiver(authenticator_reset)
def on_codes_renewed(user: User, **kwargs: object) -> None:
    audit_record(verb="recovery_codes.renew", subject=user, actor=user)
