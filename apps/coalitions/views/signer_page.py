"""Pages behind a mailed link: what finds its row, and their frame."""

from collections.abc import Callable, Mapping
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from apps.campaigns.access import public
from apps.core.access import View, behind_token

from ..models import SignOn, SignOnToken
from ..selectors.calls import letter_departure, main_letter
from ..selectors.mailed_tokens import sign_on_by_link
from ..services.exceptions import LinkUnknown

CONFIRM, MANAGE, ANSWER = SignOnToken.Purpose.CONFIRM, SignOnToken.Purpose.MANAGE, SignOnToken.Purpose.ANSWER


def token_page(*methods: str) -> Callable[[View], View]:
    """A page whose address is the only key."""

    def decorate(view: View) -> View:
        return public(csrf_exempt(behind_token(require_http_methods(methods)(view))))

    return decorate


def no_link(request: HttpRequest) -> HttpResponse:
    return render(request, "coalitions/no_link.html", {"error": LinkUnknown()}, status=404)


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
                return no_link(request)

        return token_page(*methods)(with_link)

    return decorate


def _link(token: str, purpose: SignOnToken.Purpose) -> SignOnToken:
    link = sign_on_by_link(token, purpose)
    if link is None or (purpose != CONFIRM and not _still_works(link)):
        raise LinkUnknown
    return link


def _still_works(link: SignOnToken) -> bool:
    """A private page stays as long as the data on it, also where the letter was extended later."""
    now = timezone.now()
    return link.expires_at > now or link.sign_on.call.personal_data_until >= now.date()


def signer_response(
    request: HttpRequest, sign_on: SignOn, template: str, context: Mapping[str, object], status: int = 200
) -> HttpResponse:
    """The page with what its frame needs."""
    version = sign_on.current_version
    frame = {
        "campaign": sign_on.campaign, "sign_on": sign_on, "call": sign_on.call, "letter": sign_on.letter,
        "version": version, "main_letter": main_letter(sign_on.campaign),
        "sent": letter_departure(version), "is_open": sign_on.call.is_open(),
    }  # fmt: skip
    return render(request, template, {**frame, **context}, status=status)
