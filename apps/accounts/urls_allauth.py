"""The pages of allauth that we use, under allauth's names. Passwords and sign-up do not exist here."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from django.urls import URLPattern, path

from apps.core.access import public, signed_in

from . import views

ask_for_code = public(views.AskForCodeView.as_view())

urlpatterns: list[URLPattern] = [
    # allauth has one name for sign-in with a password and another for sign-in with a mailed code
    path("sign-in/", ask_for_code, name="account_login"),
    path("sign-in/", ask_for_code, name="account_request_login_code"),
    path("sign-in/code/", public(account.confirm_login_code), name="account_confirm_login_code"),
    path("sign-in/second-factor/", public(mfa.authenticate), name="mfa_authenticate"),
    path("sign-in/closed/", public(account.account_inactive), name="account_inactive"),
    path("sign-out/", public(account.logout), name="account_logout"),
    path("second-factor/", views.second_factor, name="mfa_index"),
    path("second-factor/again/", signed_in(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("second-factor/set-up/", views.activate_totp, name="mfa_activate_totp"),
    path("second-factor/remove/", signed_in(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("second-factor/codes/", views.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "second-factor/codes/new/",
        signed_in(recovery_codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "second-factor/codes/file/",
        signed_in(recovery_codes.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
    path("sessions/", views.sessions, name="usersessions_list"),
]
