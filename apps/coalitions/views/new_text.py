"""The signer's private page about a new version of the text. GET shows what changed; POST signs it or keeps out."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language

from apps.core.errors import DomainError
from apps.letters.pages.version_differences import shown_difference

from ..models import SignOnToken
from ..selectors.version_replacements import reason_for, text_change
from ..services.version_answers import new_version_keep_out, new_version_sign
from .signer_page import MANAGE, signer_page, signer_response


@signer_page(MANAGE, "GET", "HEAD", "POST")
def new_text(request: HttpRequest, token: str, link: SignOnToken) -> HttpResponse:
    error: DomainError | None = None
    if request.method == "POST":
        answer = {"sign": new_version_sign, "keep_out": new_version_keep_out}.get(request.POST.get("answer", ""))
        seen = request.POST.get("version", "")
        try:
            if answer is not None:
                answer(sign_on=link.sign_on, version=int(seen) if seen.isdecimal() and len(seen) < 18 else 0)
                return redirect("signing:new_text", token)
        except DomainError as refused:
            error = refused
    sign_on = link.sign_on
    sign_on.refresh_from_db()
    change = text_change(sign_on)
    context: dict[str, object] = {"token": token, "error": error, "text_change": change, "standing": sign_on.stands}
    if change is not None:
        language = get_language() or "en"
        context |= {
            "reason": reason_for(change.replacement, language),
            "difference": shown_difference(change.before, change.after, language),
        }
    return signer_response(request, sign_on, "coalitions/new_text.html", context, error.status if error else 200)
