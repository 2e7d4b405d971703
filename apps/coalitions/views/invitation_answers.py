"""The page on which an invited organisation says that it will not sign, or wants no more mail. Opening it changes
nothing."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from ..forms.invitations import DeclineForm
from ..models import Invitation
from ..selectors.calls import main_letter
from ..selectors.invitations import invitation_by_link, is_refused
from ..services.exceptions import LinkUnknown
from ..services.invitation_answers import invitation_decline, invitation_stop
from .signer_page import no_link, token_page


@token_page("GET", "HEAD", "POST")
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """POST declines; with stop=on, or act=stop alone, no more mail follows. Mail programs post here too, and follow no
    redirect (RFC 8058)."""
    try:
        if request.method != "POST":
            return _page(request, token, _invitation(token))
        if request.POST.get("List-Unsubscribe") == "One-Click":
            invitation_stop(token=token)
            return _page(request, token, _invitation(token))
        if request.POST.get("act") == "stop":
            invitation_stop(token=token)
        else:
            form = DeclineForm(request.POST)
            if not form.is_valid():
                return _page(request, token, _invitation(token), form)
            invitation_decline(token=token, stop="stop" in request.POST, **form.cleaned_data)
    except LinkUnknown:
        return no_link(request)
    return redirect("signing:invitation", token)


def _invitation(token: str) -> Invitation:
    found = invitation_by_link(token)
    if found is None:
        raise LinkUnknown
    return found


def _page(request: HttpRequest, token: str, found: Invitation, form: DeclineForm | None = None) -> HttpResponse:
    context = {
        "token": token, "invitation": found, "campaign": found.campaign, "call": found.call,
        "letter": found.call.letter, "version": found.call.version, "main_letter": main_letter(found.campaign),
        "stopped": is_refused(found.campaign_id, found.email), "is_open": found.call.is_open(),
        "form": form or DeclineForm(), "stop": "stop" in request.POST,
    }  # fmt: skip
    return render(request, "coalitions/invitation.html", context, status=400 if form is not None else 200)
