"""Pages of signers: confirm a signature, correct, withdraw or erase it. The mailed link is the only key: no cookie and
no CSRF token, so that it works in any browser. Mail scanners open links, so GET changes nothing."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from apps.campaigns.access import public
from apps.core.access import View, behind_token
from apps.core.errors import DomainError
from apps.core.forms import is_untouched_switch, submit

from ..forms.sign_on import CorrectionForm
from ..models import SignOn, SignOnToken
from ..pages.sharing import letter_sharing
from ..pages.sign_on_labels import LOG_ACTS
from ..selectors.annexes import list_of_signature, sent_signatures
from ..selectors.calls import letter_departure, main_letter
from ..selectors.mailed_tokens import own_signature, sign_on_by_link, signature_data
from ..selectors.signatory_counts import version_counts
from ..selectors.signature_log import signer_entries
from ..services.confirmation import sign_on_confirm
from ..services.erasure import sign_on_erase
from ..services.exceptions import AlreadyConfirmed, CallClosed, LinkExpired, LinkUnknown
from ..services.signer_changes import answers_decline, sign_on_correct, sign_on_disown, sign_on_withdraw

CONFIRM, MANAGE = SignOnToken.Purpose.CONFIRM, SignOnToken.Purpose.MANAGE


def signer_page(purpose: SignOnToken.Purpose, *methods: str, posts_token: bool = False) -> Callable[[View], View]:
    """A page with a token of that purpose in its URL. The view gets (request, token, its row). With `posts_token` the
    row is only read for a POST if the view asks for it: its service finds and locks it by the token."""

    def decorate(view: View) -> View:
        @wraps(view)
        def with_link(request: HttpRequest, token: str) -> HttpResponse:
            try:
                if posts_token and request.method == "POST":
                    return view(request, token, SimpleLazyObject(lambda: _link(token, purpose)))
                return view(request, token, _link(token, purpose))
            except LinkUnknown:
                pass
            return render(request, "coalitions/no_link.html", {"error": LinkUnknown()}, status=404)

        return public(csrf_exempt(behind_token(require_http_methods(methods)(with_link))))

    return decorate


def _link(token: str, purpose: SignOnToken.Purpose) -> SignOnToken:
    link = sign_on_by_link(token, purpose)
    if link is None or (purpose == MANAGE and not _still_works(link)):
        raise LinkUnknown
    return link


def _still_works(link: SignOnToken) -> bool:
    """A private page stays as long as the data on it, also where the letter was extended later."""
    now = timezone.now()
    return link.expires_at > now or link.sign_on.call.personal_data_until >= now.date()


@signer_page(CONFIRM, "GET", "HEAD", "POST", posts_token=True)
def confirm(request: HttpRequest, token: str, link: SignOnToken) -> HttpResponse:
    """GET shows what the button will confirm; POST confirms."""
    if request.method != "POST":
        return _confirm_page(request, token, link, _objection(link))
    try:
        confirmed = sign_on_confirm(token=token)
    except LinkUnknown:
        raise
    except DomainError as error:
        return _confirm_page(request, token, link, error)
    return redirect("signing:manage", confirmed.manage_token)


def _objection(link: SignOnToken) -> DomainError | None:
    """The error that the button would give, as far as it is known before. Raises LinkUnknown."""
    if link.used_at is not None:
        return AlreadyConfirmed(link.sign_on)
    if link.sign_on.state == SignOn.State.PENDING and (own := own_signature(link.sign_on)) is not None:
        return AlreadyConfirmed(own, by_another_link=True)
    if not link.sign_on.call.is_open():
        return CallClosed()
    if link.expires_at <= timezone.now():
        return LinkExpired()
    if link.sign_on.state != SignOn.State.PENDING:
        raise LinkUnknown
    return None


def _confirm_page(request: HttpRequest, token: str, link: SignOnToken, error: DomainError | None) -> HttpResponse:
    context: dict[str, object] = {"token": token, "row": link, "error": error}
    if isinstance(error, AlreadyConfirmed):
        context |= {"already": True, "another": error.by_another_link}
        return _page(request, error.sign_on, "coalitions/confirm.html", context)
    context["over"] = isinstance(error, LinkExpired | CallClosed)
    status = 200 if error is None else 410 if isinstance(error, LinkExpired) else 409
    return _page(request, link.sign_on, "coalitions/confirm.html", context, status)


@signer_page(CONFIRM, "POST")
def disown(request: HttpRequest, token: str, link: SignOnToken) -> HttpResponse:
    """ "This was not me": deletes what was typed with the address."""
    sign_on_disown(token=token)
    return _page(request, link.sign_on, "coalitions/gone.html", {"disowned": True})


@signer_page(MANAGE, "GET", "HEAD", "POST")
def manage(request: HttpRequest, token: str, link: SignOnToken) -> HttpResponse:
    """The signer's private page. POST corrects."""
    form = CorrectionForm(link.sign_on, request.POST if request.method == "POST" else None)
    if is_untouched_switch(form):
        return redirect(request.get_full_path())
    saved, status = submit(form, lambda: sign_on_correct(sign_on=link.sign_on, changes=form.cleaned_data))
    if saved:
        return redirect(f"{request.path}?saved=1#correct")
    return _manage_page(request, token, link.sign_on, {"form": form, "saved": "saved" in request.GET}, status)


@signer_page(MANAGE, "GET", "HEAD", "POST")
def withdraw(request: HttpRequest, token: str, link: SignOnToken) -> HttpResponse:
    if request.method != "POST":
        return _leave_page(request, token, link.sign_on, erase=False)
    try:
        sign_on_withdraw(sign_on=link.sign_on)
    except DomainError as error:
        context = {"form": CorrectionForm(link.sign_on), "error": error}
        return _manage_page(request, token, link.sign_on, context, 409)
    return redirect("signing:manage", token)


@signer_page(MANAGE, "GET", "HEAD", "POST")
def erase(request: HttpRequest, token: str, link: SignOnToken) -> HttpResponse:
    """GET asks, POST erases; afterwards the link does not work."""
    if request.method != "POST":
        return _leave_page(request, token, link.sign_on, erase=True)
    already_sent = sent_signatures(link.sign_on)
    sign_on_erase(sign_on=link.sign_on)
    return _page(request, link.sign_on, "coalitions/gone.html", {"disowned": False, "already_sent": already_sent})


@signer_page(MANAGE, "GET", "HEAD", "POST")
def answers(request: HttpRequest, token: str, link: SignOnToken) -> HttpResponse:
    """No more reports about the letter. Mail programs post here too, and follow no redirect (RFC 8058)."""
    if request.method == "POST":
        answers_decline(sign_on=link.sign_on)
        link.sign_on.refresh_from_db()
    return _page(request, link.sign_on, "coalitions/answers.html", {"token": token})


@signer_page(MANAGE, "GET", "HEAD")
def download(request: HttpRequest, token: str, link: SignOnToken) -> HttpResponse:
    response = JsonResponse(signature_data(link), json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = 'attachment; filename="signature.json"'
    return response


def _leave_page(request: HttpRequest, token: str, sign_on: SignOn, *, erase: bool) -> HttpResponse:
    context = {"token": token, "erase": erase, "already_sent": sent_signatures(sign_on)}
    return _page(request, sign_on, "coalitions/leave.html", context)


def _manage_page(
    request: HttpRequest, token: str, sign_on: SignOn, context: dict[str, object], status: int
) -> HttpResponse:
    sign_on.refresh_from_db()
    sent = letter_departure(sign_on.version)
    listed = list_of_signature(sign_on, sent.annex_id) if sent else None
    more = {
        "token": token,
        "log_entries": [(entry, LOG_ACTS[entry.act]) for entry in signer_entries(sign_on)],
        "counts": version_counts(sign_on.version),
        "standing": sign_on.stands,
        "already_sent": [] if sign_on.stands else sent_signatures(sign_on),
        "late": sent is not None and (listed is None or listed.pk != sent.annex_id),
        "listed": listed,
        "sharing": letter_sharing(sign_on.call),
    }
    return _page(request, sign_on, "coalitions/manage.html", {**more, **context}, status)


def _page(
    request: HttpRequest, sign_on: SignOn, template: str, context: dict[str, object], status: int = 200
) -> HttpResponse:
    frame = {
        "campaign": sign_on.campaign, "sign_on": sign_on, "call": sign_on.call, "letter": sign_on.letter,
        "version": sign_on.version, "main_letter": main_letter(sign_on.campaign),
        "sent": letter_departure(sign_on.version), "is_open": sign_on.call.is_open(),
    }  # fmt: skip
    return render(request, template, {**frame, **context}, status=status)
