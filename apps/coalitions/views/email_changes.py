"""Pages on which a signer gives another email address, and confirms it by mail. GET changes nothing."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from apps.core.errors import DomainError
from apps.core.forms import is_untouched_switch, submit
from apps.core.rate_limit import client_address

from ..forms.signer import EmailChangeForm
from ..models import SignOn, SignOnToken
from ..selectors.mailed_tokens import email_change_by_link
from ..selectors.returned_mail import returned_mail
from ..services.email_changes import email_change_confirm, email_change_request
from ..services.exceptions import LinkUnknown
from ..services.submission import submission_admit
from .signer_page import MANAGE, no_link, signer_page, signer_response, token_page


@signer_page(MANAGE, "GET", "HEAD", "POST")
def change(request: HttpRequest, token: str, link: SignOnToken) -> HttpResponse:
    """The form; POST mails a link to the new address. The answer is the same to every address."""
    sign_on = link.sign_on
    form = EmailChangeForm(request.POST if request.method == "POST" else None)
    if is_untouched_switch(form):
        return redirect(request.get_full_path())

    def save() -> SignOn:
        submission_admit(ip=client_address(request))
        email_change_request(sign_on=sign_on, email=form.cleaned_data["email"])
        return sign_on

    saved, status = submit(form, save)
    if saved:
        return redirect(f"{request.path}?sent=1")
    context = {
        "form": form, "token": token, "mailed": "sent" in request.GET and not form.is_bound,
        "returned": returned_mail([sign_on]).get(sign_on.pk),
    }  # fmt: skip
    return signer_response(request, sign_on, "coalitions/email_change.html", context, status)


@token_page("GET", "HEAD", "POST")
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows which address the button will confirm; POST confirms."""
    found = email_change_by_link(token)
    if found is None:
        return no_link(request)
    error = None
    if request.method == "POST":
        try:
            confirmed = email_change_confirm(token=token)
        except LinkUnknown:
            return no_link(request)
        except DomainError as refused:
            error = refused
        else:
            return redirect("signing:manage", confirmed.manage_token)
    context = {"change": found, "error": error}
    status = error.status if error else 200
    return signer_response(request, found.sign_on, "coalitions/email_confirm.html", context, status)
