"""Pages of signers: confirm a signature, correct, withdraw or erase it. The mailed link is the only key: no cookie and
no CSRF token, so that it works in any browser. Mail scanners open links, so GET changes nothing."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from apps.core.errors import DomainError
from apps.core.forms import is_untouched_switch, submit
from apps.letters.pages.version_differences import shown_difference

from ..forms.sign_on import CorrectionForm
from ..models import SignOn, SignOnToken
from ..pages.sharing import letter_sharing
from ..pages.sign_on_labels import LOG_ACTS
from ..selectors.annexes import list_of_signature, sent_signatures
from ..selectors.calls import letter_departure
from ..selectors.mailed_tokens import own_signature, signature_data
from ..selectors.returned_mail import returned_mail
from ..selectors.signatory_counts import version_counts
from ..selectors.signature_log import carry_over_entries, signer_entries
from ..selectors.version_replacements import agreed_replacements, reason_for, text_change
from ..services.confirmation import sign_on_confirm
from ..services.erasure import sign_on_erase
from ..services.exceptions import (
    AlreadyConfirmed,
    CallClosed,
    LinkExpired,
    LinkUnknown,
    NotForThisKind,
    TextReplaced,
)
from ..services.signer_changes import (
    consent_decline,
    sign_on_correct,
    sign_on_disown,
    sign_on_withdraw,
)
from .signer_page import CONFIRM, MANAGE, signer_page, signer_response


@signer_page(CONFIRM, "GET", "HEAD", "POST", posts_token=True)
def confirm(request: HttpRequest, token: str, link: SignOnToken) -> HttpResponse:
    """GET shows what the button will confirm; POST confirms."""
    if request.method != "POST":
        return _confirm_page(request, token, link, _objection(link))
    try:
        seen = request.POST.get("version", "")
        confirmed = sign_on_confirm(token=token, version=int(seen) if seen.isdecimal() and len(seen) < 18 else None)
    except LinkUnknown:
        raise
    except DomainError as error:
        return _confirm_page(request, token, link, error)
    return redirect("signing:manage", confirmed.manage_token)


def _objection(link: SignOnToken) -> DomainError | None:
    """The error that the button would give, as far as it is known before. Raises LinkUnknown."""
    if link.used_at is not None or link.sign_on.stands:
        return AlreadyConfirmed(link.sign_on)
    if link.sign_on.state == SignOn.State.PENDING and (own := own_signature(link.sign_on)) is not None:
        return AlreadyConfirmed(own, by_another_link=True)
    if not link.sign_on.admits_confirmation(timezone.now()):
        return CallClosed()
    if link.expires_at <= timezone.now():
        return LinkExpired()
    if link.sign_on.state != SignOn.State.PENDING:
        raise LinkUnknown
    if not link.sign_on.call.is_open_to(link.sign_on.kind):
        return NotForThisKind(link.sign_on.kind)
    return None


def _confirm_page(request: HttpRequest, token: str, link: SignOnToken, error: DomainError | None) -> HttpResponse:
    collected = link.sign_on.collected.select_related("entered_by").first()
    context: dict[str, object] = {"token": token, "row": link, "error": error, "collected": collected}
    if isinstance(error, AlreadyConfirmed):
        context |= {"already": True, "another": error.by_another_link, "on_evidence": link.counts_unconfirmed()}
        return signer_response(request, error.sign_on, "coalitions/confirm.html", context)
    context["over"] = isinstance(error, LinkExpired | CallClosed)
    context["changed"] = isinstance(error, TextReplaced)
    context |= _news_since_form(link.sign_on)
    status = 200 if error is None else 410 if isinstance(error, LinkExpired) else 409
    return signer_response(request, link.sign_on, "coalitions/confirm.html", context, status)


def _news_since_form(sign_on: SignOn) -> dict[str, object]:
    """What changed in the text since the form was filled in; the button signs the text as it is now."""
    if sign_on.version_id == sign_on.call.version_id:
        return {}
    newest, language = agreed_replacements(sign_on.call).first(), get_language() or "en"
    return {
        "replacement": newest,
        "reason": reason_for(newest, language) if newest is not None else ("", ""),
        "difference": shown_difference(sign_on.version, sign_on.call.version, language),
    }


@signer_page(CONFIRM, "POST")
def disown(request: HttpRequest, token: str, link: SignOnToken) -> HttpResponse:
    """ "This was not me": deletes what was typed with the address."""
    was_pending = link.sign_on.state == SignOn.State.PENDING
    sign_on_disown(token=token)
    return _gone_page(request, link.sign_on, disowned=was_pending)


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
    return _gone_page(request, link.sign_on, disowned=False, already_sent=already_sent)


@signer_page(MANAGE, "GET", "HEAD", "POST")
def answers(request: HttpRequest, token: str, link: SignOnToken) -> HttpResponse:
    """No more emails about what governments answer to the letter."""
    return _decline(request, token, link.sign_on, "wants_answers")


@signer_page(MANAGE, "GET", "HEAD", "POST")
def letters(request: HttpRequest, token: str, link: SignOnToken) -> HttpResponse:
    """No more emails about other letters of the campaign."""
    return _decline(request, token, link.sign_on, "wants_letters")


def _decline(request: HttpRequest, token: str, sign_on: SignOn, consent: str) -> HttpResponse:
    """Mail programs post here too, and follow no redirect (RFC 8058)."""
    if request.method == "POST":
        consent_decline(sign_on=sign_on, consent=consent)
        sign_on.refresh_from_db()
    context = {"token": token, "consent": consent, "wanted": getattr(sign_on, consent)}
    return signer_response(request, sign_on, "coalitions/emails_declined.html", context)


@signer_page(MANAGE, "GET", "HEAD")
def download(request: HttpRequest, token: str, link: SignOnToken) -> HttpResponse:
    response = JsonResponse(signature_data(link), json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = 'attachment; filename="signature.json"'
    return response


def _leave_page(request: HttpRequest, token: str, sign_on: SignOn, *, erase: bool) -> HttpResponse:
    context = {"token": token, "erase": erase, "already_sent": sent_signatures(sign_on)}
    return signer_response(request, sign_on, "coalitions/leave.html", context)


def _gone_page(request: HttpRequest, sign_on: SignOn, **context: object) -> HttpResponse:
    """What was deleted has no page: other languages lead to the campaign."""
    context["switch_address"] = reverse("website:home", args=[sign_on.campaign.slug])
    return signer_response(request, sign_on, "coalitions/gone.html", context)


def _manage_page(
    request: HttpRequest, token: str, sign_on: SignOn, context: dict[str, object], status: int
) -> HttpResponse:
    sign_on.refresh_from_db()
    version = sign_on.current_version
    sent = letter_departure(version)
    listed = list_of_signature(sign_on, sent.annex_id) if sent else None
    more = {
        "token": token,
        "log_entries": [(entry, LOG_ACTS[entry.act]) for entry in signer_entries(sign_on)],
        "counts": version_counts(version),
        "text_change": text_change(sign_on),
        "carried": [entry.replacement for entry in carry_over_entries(sign_on)],
        "standing": sign_on.stands,
        "already_sent": [] if sign_on.stands else sent_signatures(sign_on),
        "late": sent is not None and (listed is None or listed.pk != sent.annex_id),
        "listed": listed,
        "sharing": letter_sharing(sign_on.call),
        "returned": returned_mail([sign_on]).get(sign_on.pk),
        "question": sign_on.questions.filter(answered_at=None).first(),
    }
    if request.resolver_match and request.resolver_match.view_name != "signing:manage":
        more["switch_address"] = reverse("signing:manage", args=[token])
    return signer_response(request, sign_on, "coalitions/manage.html", {**more, **context}, status)
