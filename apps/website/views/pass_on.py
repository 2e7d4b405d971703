"""For whoever fills in the form but may not sign: a link with it for whoever may, and the text as PDF."""

from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from apps.campaigns.access import public
from apps.coalitions.forms.sign_on import FORMS
from apps.coalitions.sealed_forms import TooLong, form_open, form_seal
from apps.coalitions.services.exceptions import CallClosed
from apps.core.access import behind_token
from apps.core.digits import text_with_digits
from apps.core.downloads import inline_response
from apps.core.encryption import lookup_hashes
from apps.core.errors import DomainError
from apps.core.forms import add_error
from apps.core.rate_limit import client_address, connection_prefix, within_limit
from apps.core.site_url import site_url
from apps.core.times import campaign_time

from ..pages.text_pdf import text_pdf_url, version_text_pdf
from .letters import FROZEN_AGE, letter_response, signing_kind, text_or_404
from .public_page import CampaignRequest, call_seen_by, page_context, public_form, public_page

#: files from one connection: enough for an office, too few to keep the renderer busy
PDFS_PER_HOUR = 60


@csrf_exempt  # as the form to sign: there is no cookie, and nothing is stored
@public_form
def pass_on(request: CampaignRequest, number: int) -> HttpResponse:
    """Show the link. Nothing is stored or sent. `sealed` comes back from the switch of languages."""
    call = call_seen_by(request, number)
    if request.method != "POST":
        return redirect("website:letter", request.campaign.slug, number)
    kind = signing_kind(request, call)
    try:
        if not call.is_open():
            raise CallClosed
        sealed = request.POST.get("sealed", "")
        if form_open(sealed) is None:
            sealed = form_seal(call_id=call.pk, kind=kind, typed=request.POST.dict())
    except DomainError as error:
        form = FORMS[kind](request.POST, unasked=call.unasked_fields)
        form.is_valid()
        if isinstance(error, TooLong):
            form.errors.clear()
        add_error(form, error)
        return letter_response(request, call, kind, form, status=error.status)
    link = site_url(reverse("website:filled_in", args=[request.campaign.slug, number, sealed]))
    pdf = text_pdf_url(call)
    until = text_with_digits(campaign_time(call.closes_at, call.campaign), get_language() or "")
    words = _(
        "I have filled in the form to sign this letter for our organisation. Open this page, check what it says, and "
        "sign if you agree. It works until %(until)s:\n\n%(link)s\n\nThe text of the letter as PDF:\n\n%(pdf)s\n"
    ) % {"until": until, "link": link, "pdf": pdf}
    subject = _("A letter for our organisation to sign")
    context = {
        "section": "letter", "call": call, "link": link, "pdf": pdf, "sealed": sealed,
        "mailto": f"mailto:?subject={quote(subject)}&body={quote(words)}",
    }  # fmt: skip
    return render(request, "website/pass_on.html", page_context(request) | context)


@public_page
@behind_token
def filled_in(request: CampaignRequest, number: int, sealed: str) -> HttpResponse:
    """The letter with the form as a colleague filled it in. It changes nothing, and works while the letter is open."""
    call, found = call_seen_by(request, number), form_open(sealed)
    works = found is not None and found.call_id == call.pk and call.is_open() and call.is_open_to(found.kind)
    kind = found.kind if found is not None and works else signing_kind(request, call)
    form = FORMS[kind](initial=found.values if found is not None and works else {}, unasked=call.unasked_fields)
    status = 200 if works else 404 if found is None else 410
    return letter_response(request, call, kind, form, status=status, passed_on="works" if works else "broken")


@public
@require_safe
def text_pdf(request: HttpRequest, campaign_slug: str, number: int, version: int, language: str) -> HttpResponse:
    """The text of a version without signatures, for everybody."""
    connection = lookup_hashes(connection_prefix(client_address(request)))[0].digest
    if not within_limit(f"website:pdf:{connection}", PDFS_PER_HOUR, seconds=3600):
        words = _("Too many files were fetched from your connection. Try again in an hour.")
        return HttpResponse(words, status=429, content_type="text/plain; charset=utf-8")
    found, edition = text_or_404(campaign_slug, number, version, language)
    response = inline_response(
        f"letter-{number}-v{version}-{language}.pdf", version_text_pdf(found, edition), "application/pdf"
    )
    response["Cache-Control"] = f"public, max-age={FROZEN_AGE}"
    return response
