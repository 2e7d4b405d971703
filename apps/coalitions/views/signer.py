"""Pages behind a mailed link: confirm a signature, see, correct, withdraw or erase it.

The link is the key: whoever holds it may act, so there is no cookie and no cross-site token, and it works in a mail
program's own browser. Opening a link changes nothing, since mail scanners open them; buttons POST.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.campaigns.access import public
from apps.core.errors import DomainError
from apps.core.forms import add_error
from apps.core.site import site_url

from ..forms.sign_on import CorrectionForm
from ..models import SignOn, SignOnToken
from ..selectors.calls import is_on_sent_list, letter_departure, main_letter
from ..selectors.counts import counts_cached
from ..selectors.tokens import own_signature, sign_on_by_link, signature_data
from ..services.confirmation import sign_on_confirm
from ..services.corrections import sign_on_correct, sign_on_disown, sign_on_withdraw
from ..services.erasure import sign_on_erase
from ..services.exceptions import AlreadyConfirmed, CallClosed, LinkExpired, LinkUnknown

type View = Callable[..., HttpResponse]


def behind_link(view: View) -> View:
    """Never kept by caches, never found by search engines, and the address with its token goes nowhere else."""

    @csrf_exempt
    @never_cache
    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> HttpResponse:
        response = view(*args, **kwargs)
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return guarded


@public
@behind_link
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows what the button will confirm; POST confirms."""
    row = sign_on_by_link(token, SignOnToken.Purpose.CONFIRM)
    if row is None:
        return _no_page(request, LinkUnknown(), 404)
    if request.method != "POST":
        return _confirm_page(request, row, _objection(row))
    try:
        confirmed = sign_on_confirm(token=token, base_url=site_url())
    except LinkUnknown as error:
        return _no_page(request, error, 404)
    except DomainError as error:
        return _confirm_page(request, row, error)
    return redirect("signing:manage", confirmed.manage_token)


def _objection(row: SignOnToken) -> DomainError | None:
    """Why the button would not confirm, as far as can be said without trying."""
    if row.used_at is not None:
        return AlreadyConfirmed(row.sign_on)
    if row.sign_on.state == SignOn.State.PENDING and (own := own_signature(row.sign_on)) is not None:
        return AlreadyConfirmed(own, by_another_link=True)
    if not row.sign_on.call.is_open():
        return CallClosed()
    if row.expires_at <= timezone.now():
        return LinkExpired()
    return LinkUnknown() if row.sign_on.state != SignOn.State.PENDING else None


def _confirm_page(request: HttpRequest, row: SignOnToken, error: DomainError | None) -> HttpResponse:
    if isinstance(error, LinkUnknown):
        return _no_page(request, error, 404)
    token = request.resolver_match.kwargs["token"]  # type: ignore[union-attr]
    context: dict[str, Any] = {"token": token, "row": row, "error": error}
    if isinstance(error, AlreadyConfirmed):
        context |= {"already": True, "another": error.by_another_link}
        return _page(request, error.sign_on, "coalitions/confirm.html", context)
    context["over"] = isinstance(error, LinkExpired | CallClosed)
    status = 200 if error is None else 410 if isinstance(error, LinkExpired) else 409
    return _page(request, row.sign_on, "coalitions/confirm.html", context, status)


@public
@behind_link
@require_POST
def disown(request: HttpRequest, token: str) -> HttpResponse:
    """ "This was not me": deletes what was typed with the address."""
    row = sign_on_by_link(token, SignOnToken.Purpose.CONFIRM)
    try:
        sign_on_disown(token=token)
    except LinkUnknown as error:
        return _no_page(request, error, 404)
    assert row is not None  # the service found it too
    return _page(request, row.sign_on, "coalitions/gone.html", {"disowned": True})


@public
@behind_link
@require_http_methods(["GET", "HEAD", "POST"])
def manage(request: HttpRequest, token: str) -> HttpResponse:
    """A signer's own page. POST corrects."""
    row = _managed(token)
    if row is None:
        return _no_page(request, LinkUnknown(), 404)
    form = CorrectionForm(row.sign_on, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            sign_on_correct(sign_on=row.sign_on, changes=form.cleaned_data)
        except DomainError as error:
            add_error(form, error)
        else:
            return redirect(f"{request.path}?saved=1#correct")
    status = 400 if form.errors else 200
    return _manage_page(request, row, {"form": form, "saved": "saved" in request.GET}, status)


@public
@behind_link
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, token: str) -> HttpResponse:
    """GET says what withdrawing does; POST withdraws."""
    row = _managed(token)
    if row is None:
        return _no_page(request, LinkUnknown(), 404)
    if request.method != "POST":
        return _page(request, row.sign_on, "coalitions/leave.html", {"token": token, "erase": False})
    try:
        sign_on_withdraw(sign_on=row.sign_on)
    except DomainError as error:
        return _manage_page(request, row, {"form": CorrectionForm(row.sign_on), "error": error}, 409)
    return redirect("signing:manage", token)


@public
@behind_link
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest, token: str) -> HttpResponse:
    """GET says what erasing does; POST erases, and this link ends."""
    row = _managed(token)
    if row is None:
        return _no_page(request, LinkUnknown(), 404)
    if request.method != "POST":
        return _page(request, row.sign_on, "coalitions/leave.html", {"token": token, "erase": True})
    sign_on_erase(sign_on=row.sign_on)
    return _page(request, row.sign_on, "coalitions/gone.html", {"disowned": False})


@public
@behind_link
@require_GET
def download(request: HttpRequest, token: str) -> HttpResponse:
    """Everything held about the signature, as one file."""
    row = _managed(token)
    if row is None:
        return _no_page(request, LinkUnknown(), 404)
    response = JsonResponse(signature_data(row), json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = 'attachment; filename="signature.json"'
    return response


def _managed(token: str) -> SignOnToken | None:
    row = sign_on_by_link(token, SignOnToken.Purpose.MANAGE)
    return row if row is not None and row.expires_at > timezone.now() else None


def _manage_page(request: HttpRequest, row: SignOnToken, context: dict[str, Any], status: int) -> HttpResponse:
    sign_on = row.sign_on
    sign_on.refresh_from_db()
    sent = letter_departure(sign_on.version)
    more = {
        "token": request.resolver_match.kwargs["token"],  # type: ignore[union-attr]
        "counts": counts_cached(sign_on.letter),
        "standing": sign_on.stands,
        "on_list": is_on_sent_list(sign_on, sent) if sent else None,
        "letter_url": site_url(reverse("website:letter", args=[sign_on.campaign.slug, sign_on.letter.number])),
    }
    return _page(request, sign_on, "coalitions/manage.html", {**more, **context}, status)


def _page(
    request: HttpRequest, sign_on: SignOn, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    sent = letter_departure(sign_on.version)
    of_all = {
        "campaign": sign_on.campaign, "sign_on": sign_on, "call": sign_on.call, "letter": sign_on.letter,
        "version": sign_on.version, "main_letter": main_letter(sign_on.campaign),
        "sent": sent, "is_open": sign_on.call.is_open(),
    }  # fmt: skip
    return render(request, template, {**of_all, **context}, status=status)


def _no_page(request: HttpRequest, error: DomainError, status: int) -> HttpResponse:
    return render(request, "coalitions/no_link.html", {"error": error}, status=status)
