"""The PDF of a letter at the address that is in its mail, for whoever has that address."""

from django.http import Http404, HttpResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from apps.campaigns.access import public
from apps.core.tokens import token_hash
from apps.letters.rendering import MissingValue

from ..letter_rendering import pdf_filename
from ..pages.sent_letters import letter_pdf_now
from ..selectors.dispatches import linked_delivery


@public
@require_safe
def letter_pdf(request: object, token: str) -> HttpResponse:
    """Who opens it is not recorded. A name removed since the letter left is removed here too."""
    found = linked_delivery(token_hash(token))
    if found is None or found.pdf is None:
        raise Http404
    try:
        content = letter_pdf_now(found)
    except MissingValue:
        raise Http404 from None
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{pdf_filename(found)}"'
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["Referrer-Policy"] = "no-referrer"
    patch_cache_control(response, private=True, no_store=True)
    return response
