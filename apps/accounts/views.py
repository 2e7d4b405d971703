"""Pages of a person's own account: second factor, profile, sessions. Signing in is allauth's."""

from typing import Any
from urllib.parse import urlencode

from allauth.account.internal.flows.login import record_authentication
from allauth.account.views import RequestLoginCodeView
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from apps.core.access import SignedInRequest, signed_in
from apps.core.forms import SWITCH_LANGUAGE

from .forms import ProfileForm
from .selectors import browser_name, has_totp, recovery_codes_left, user_sessions
from .services import profile_save, session_end, sessions_end_others


def next_page(request: HttpRequest) -> str:
    """The page of this site in ?next=, or ""."""
    wanted, host = request.GET.get("next", ""), {request.get_host()}
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts=host, require_https=request.is_secure())
    return wanted if safe else ""


def with_next(address: str, wanted: str) -> str:
    return f"{address}?{urlencode({'next': wanted})}" if wanted else address


class AskForCodeView(RequestLoginCodeView):
    """allauth's, which also shows the page in another language with the address that was typed."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if SWITCH_LANGUAGE not in request.POST:
            return super().post(request, *args, **kwargs)
        return self.get(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        values: dict[str, Any] = super().get_form_kwargs()
        if SWITCH_LANGUAGE in self.request.POST:
            values = {"initial": {"email": self.request.POST.get("email", "")}, "prefix": self.get_prefix()}
        return values


@signed_in
def second_factor(request: SignedInRequest) -> HttpResponse:
    wanted = next_page(request)
    context = {
        "next": wanted,
        "set_up": has_totp(request.user),
        "codes_left": recovery_codes_left(request.user),
        "activate_url": with_next(reverse("mfa_activate_totp"), wanted),
    }
    return render(request, "accounts/second_factor.html", context)


@signed_in
def activate_totp(request: SignedInRequest) -> HttpResponse:
    """allauth's page. It redirects to the recovery codes, which lead on to ?next=."""
    response = totp.activate_totp(request)
    if isinstance(response, HttpResponseRedirect) and response.url == reverse("mfa_view_recovery_codes"):
        # the code just entered proves the second factor: do not ask again
        record_authentication(request, request.user, method="mfa", type="totp", reauthenticated=True)
        return redirect(with_next(response.url, next_page(request)))
    return response


@signed_in
def view_recovery_codes(request: SignedInRequest) -> HttpResponse:
    response = recovery_codes.view_recovery_codes(request)
    if isinstance(response, TemplateResponse) and response.context_data is not None:
        response.context_data["next"] = next_page(request)
    return response


@signed_in
def profile(request: SignedInRequest) -> HttpResponse:
    kept = {name: getattr(request.user, name) for name in ProfileForm.base_fields}
    form = ProfileForm(request.POST if request.method == "POST" else None, initial=kept)
    if request.method == "POST" and form.is_valid():
        profile_save(user=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("accounts:profile")
    context = {"form": form, "set_up": has_totp(request.user), "sessions": len(user_sessions(request.user))}
    return render(request, "accounts/profile.html", context)


@signed_in
def sessions(request: SignedInRequest) -> HttpResponse:
    here = request.session.session_key
    kept = [
        (session, browser_name(session.user_agent), session.session_key == here)
        for session in user_sessions(request.user)
    ]
    others = sum(not is_here for _session, _words, is_here in kept)
    return render(request, "accounts/sessions.html", {"sessions": kept, "others": others})


@signed_in
@require_POST
def session_end_one(request: SignedInRequest, session_id: int) -> HttpResponse:
    session = get_object_or_404(UserSession, pk=session_id, user=request.user)
    session_end(session=session, actor=request.user)
    messages.success(request, _("The session has ended. That browser has to sign in again."))
    return redirect("accounts:sessions")


@signed_in
@require_POST
def sessions_end(request: SignedInRequest) -> HttpResponse:
    ended = sessions_end_others(user=request.user, current_key=request.session.session_key)
    said = ngettext("%(n)d other session has ended.", "%(n)d other sessions have ended.", ended)
    messages.success(request, said % {"n": ended})
    return redirect("accounts:sessions")
