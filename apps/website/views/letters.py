"""The letter with its form to sign, and the frozen texts as bytes that anybody may check."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import cast

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from apps.campaigns.access import public
from apps.coalitions.forms.sign_on import FORMS, SignForm
from apps.coalitions.models import SignOn, SignOnCall
from apps.coalitions.pages.sharing import letter_sharing
from apps.coalitions.sealed_submissions import submission_open, submission_seal
from apps.coalitions.selectors.annexes import addenda
from apps.coalitions.selectors.calls import letter_departure
from apps.coalitions.selectors.returned_mail import mail_came_back
from apps.coalitions.selectors.signatory_lists import short_roll
from apps.coalitions.services.submission import Submitted, sign_on_submit, submission_admit
from apps.core.canonical_json import canonical_json
from apps.core.errors import DomainError
from apps.core.forms import is_untouched_switch, submit
from apps.core.languages import primary_language
from apps.core.rate_limit import client_address
from apps.core.site_url import site_url
from apps.letters.models import Edition, LetterVersion
from apps.letters.selectors.editions import NoEdition, edition_for, public_title, version_bytes, version_lines
from apps.talkingpoints.selectors import facts_of

from ..pages.letters import (
    check_command,
    earlier_signatures,
    edition_name,
    letter_page,
    published_edition,
    published_versions,
    shown_replacements,
)
from ..pages.outcome import letter_outcome
from ..pages.preview_picture import preview_picture_of
from ..pages.text_pdf import text_pdf_url
from .public_page import (
    CallRequest,
    CampaignRequest,
    call_seen_by,
    campaign_or_404,
    content_context,
    is_from_another_site,
    page_context,
    public_call_form,
    public_page,
)

#: seconds; a frozen text never changes
FROZEN_AGE = 24 * 3600


class FormOfAnotherSite(DomainError):
    status = 403
    default_message = _(
        "This form was sent by another site, so we have not accepted it yet. Check what it says, then send it from "
        "here."
    )


@csrf_exempt  # the page has no cookie, so that one kept page serves everybody
@public_call_form
def letter(request: CallRequest, number: int) -> HttpResponse:
    """The letter and, while it is open, the form. POST answers the same to every email address."""
    call = request.call
    kind = signing_kind(request, call)
    form = FORMS[kind](request.POST if request.method == "POST" else None, unasked=call.unasked_fields)
    if is_untouched_switch(form):
        return redirect(request.get_full_path())
    submitted, status = submit(form, lambda: submit_signature(request, call, form))
    if submitted:
        return redirect("website:mail_sent", request.campaign.slug, number, submission_seal(*submitted.mailed_about))
    return letter_response(request, call, kind, form, status=status)


def letter_response(
    request: CampaignRequest,
    call: SignOnCall,
    kind: str,
    form: SignForm,
    *,
    status: int,
    passed_on: str = "",
    more: Mapping[str, object] = MappingProxyType({}),
) -> HttpResponse:
    """The page. `passed_on`: whether a link with a filled-in form "works", is "broken", or the reader is "invited";
    `more`: what the template needs for that."""
    campaign, number, sent = request.campaign, call.letter.number, letter_departure(call.version)
    form_address = reverse("website:letter", args=[campaign.slug, number])
    requested = request.GET.get("language", "")
    page, reader = letter_page(call, requested or get_language() or "en"), primary_language(get_language() or "en")
    address = [campaign.slug, number, call.version.number]
    replacements = shown_replacements(call)
    context = {
        "section": "letter",
        "page": page,
        "missing_language": "" if requested or reader == primary_language(page.edition.language) else reader,
        "call": call,
        "letter": call.letter,
        "version": call.version,
        "counts": page.counts,
        "is_open": call.is_open(),
        "sent": sent,
        "outcome": letter_outcome(call),
        "addenda": list(addenda(sent.annex_id)) if sent else [],
        "kind": kind,
        "text_query": f"&language={requested}" if requested in call.offered_languages else "",
        "other_kind": other_kind(kind),
        "changes": list(call.changes.all()),
        "replacements": replacements,
        "earlier_count": earlier_signatures(replacements),
        "both": call.who == SignOnCall.Who.BOTH,
        "form": form,
        "passed_on": passed_on,
        "switch_address": "" if request.path == form_address else f"{form_address}?for={kind}",
        "pdf_url": text_pdf_url(call, page.edition.language),
        "sharing": letter_sharing(call, requested),
        "picture": preview_picture_of(call, page.edition.language),
        "roll": short_roll(call, page.counts),
        "facts": facts_of(campaign).filter(point__isnull=False).count(),
        "check_command": check_command(call.version),
        "version_url": site_url(reverse("files:letter_json", args=address)),
        "text_urls": [
            (text, site_url(reverse("files:edition_json", args=[*address, edition_name(text)]))) for text in page.texts
        ],
        "now": timezone.now(),
    }
    return render(request, "website/letter.html", {**content_context(request), **context, **more}, status=status)


def signing_kind(request: HttpRequest, call: SignOnCall) -> str:
    """?for=person or ?for=organisation, if the call is open to them; otherwise the other."""
    kind = request.GET.get("for", "")
    kind = kind if kind in FORMS else SignOn.Kind.ORGANISATION.value
    return kind if call.is_open_to(kind) else other_kind(kind)


def other_kind(kind: str) -> str:
    return "person" if kind == "organisation" else "organisation"


def submit_signature(request: HttpRequest, call: SignOnCall, form: SignForm) -> Submitted:
    """Raises FormOfAnotherSite, DomainError."""
    if is_from_another_site(request):
        raise FormOfAnotherSite
    submission_admit(ip=client_address(request))
    return sign_on_submit(call=call, typed=form.typed(), read=_version_read(request, call))


def _version_read(request: HttpRequest, call: SignOnCall) -> LetterVersion | None:
    """The version of the page that the form came from, where another one is in its place now."""
    read = request.POST.get("version", "")
    if not read.isdecimal() or len(read) > 8 or int(read) == call.version.number:
        return None
    return published_versions(call.campaign, call.letter.number).filter(number=int(read)).first()


@public_page
def text_changes(request: CampaignRequest, number: int) -> HttpResponse:
    """What later versions changed since the letter was opened for signature."""
    call = call_seen_by(request, number)
    replacements = shown_replacements(call)
    if not replacements:
        raise Http404
    context = {
        "section": "letter", "call": call, "letter": call.letter, "replacements": replacements,
        "title": public_title(call.version, get_language() or "en"),
    }  # fmt: skip
    return render(request, "website/text_changes.html", page_context(request) | context)


@public_page
def check_mail(request: CampaignRequest, number: int, sealed: str = "") -> HttpResponse:
    """What to do next. With the address of one form, it also says if its mail came back; it is the same page whether we
    know the email address or not."""
    call = call_seen_by(request, number)
    form = submission_open(sealed) if sealed else (0, timezone.now())
    if form is None:
        raise Http404
    came_back = bool(form[0]) and mail_came_back(form[0], since=form[1])
    context = {
        "section": "letter", "call": call, "sent": letter_departure(call.version), "is_open": True,
        "came_back": came_back, "asks_again": bool(sealed),
    }  # fmt: skip
    response = render(request, "website/check_mail.html", page_context(request) | context)
    if sealed:
        response["Cache-Control"] = "no-store"
    return response


@public
@require_safe
def letter_json(request: HttpRequest, campaign_slug: str, number: int, version: int) -> HttpResponse:
    """The version as canonical JSON: its SHA-256 is the version's fingerprint."""
    return _frozen(version_bytes(_version(campaign_slug, number, version)))


@public
@require_safe
def letter_record(request: HttpRequest, campaign_slug: str, number: int, version: int) -> HttpResponse:
    """Everything that the version's fingerprint covers, a line each: what it is of, every text, every edition."""
    found = _version(campaign_slug, number, version)
    response = cast("HttpResponse", StreamingHttpResponse(version_lines(found), content_type="application/jsonl"))
    etag = f'"{found.sha256}"'
    response["ETag"] = etag
    return cast("HttpResponse", get_conditional_response(request, etag=etag, response=_kept(response)))


@public
@require_safe
def edition_json(request: HttpRequest, campaign_slug: str, number: int, version: int, edition: str) -> HttpResponse:
    """One edition as canonical JSON: the version lists its SHA-256."""
    found = published_edition(_version(campaign_slug, number, version), edition)
    if found is None:
        raise Http404
    return _frozen(canonical_json(found.body))


def text_or_404(campaign_slug: str, number: int, version: int, language: str) -> tuple[LetterVersion, Edition]:
    """A published version, and the general text of it in exactly that language."""
    found = _version(campaign_slug, number, version)
    try:
        edition = edition_for(found, None, language)
    except NoEdition:
        raise Http404 from None
    if edition.language != language:
        raise Http404
    return found, edition


def _version(campaign_slug: str, number: int, version: int) -> LetterVersion:
    return get_object_or_404(published_versions(campaign_or_404(campaign_slug), number), number=version)


def _frozen(content: bytes) -> HttpResponse:
    return _kept(HttpResponse(content, content_type="application/json"))


def _kept(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = f"public, max-age={FROZEN_AGE}"
    response["Access-Control-Allow-Origin"] = "*"  # any page may check it
    return response
