"""Audit rows for sign-ins and changes of the second factor."""

from allauth.account.signals import user_logged_in
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.http import HttpRequest

from apps.core.audit import audit_record

from .models import User
from .services import sessions_end_others


def on_sign_in(sender: object, request: HttpRequest, user: User, **kwargs: object) -> None:
    audit_record(verb="user.sign_in", subject=user, actor=user)


def on_second_factor_added(
    sender: object, request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: object
) -> None:
    """Ends the other sessions, which did not pass the second factor."""
    if authenticator.type == Authenticator.Type.TOTP:
        audit_record(verb="second_factor.set_up", subject=user, actor=user)
        sessions_end_others(user=user, current_key=request.session.session_key)


def on_second_factor_removed(
    sender: object, request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: object
) -> None:
    if authenticator.type == Authenticator.Type.TOTP:
        audit_record(verb="second_factor.remove", subject=user, actor=user)


def on_codes_renewed(sender: object, request: HttpRequest, user: User, **kwargs: object) -> None:
    audit_record(verb="recovery_codes.renew", subject=user, actor=user)


def connect() -> None:
    user_logged_in.connect(on_sign_in, dispatch_uid="accounts.sign_in")
    authenticator_added.connect(on_second_factor_added, dispatch_uid="accounts.second_factor_added")
    authenticator_removed.connect(on_second_factor_removed, dispatch_uid="accounts.second_factor_removed")
    authenticator_reset.connect(on_codes_renewed, dispatch_uid="accounts.codes_renewed")
