"""Letters from and to Word files."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from apps.campaigns.access import StaffRequest, staff_page
from apps.campaigns.roles import Permission
from apps.core.downloads import inline_response

from ..rendering import campaign_letterhead, render_docx
from ..selectors.drafts import is_open, may_draft
from ..word_files import MAX_FILE, UnreadableWordFile, read_word_file
from .drafts import shown_edition
from .lookups import text_or_404

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@staff_page(Permission.READ)
def preview_docx(request: StaffRequest, letter_number: int, language: str) -> HttpResponse:
    """The saved text for the addressee and recipient in the query string."""
    text = text_or_404(request, letter_number, language)
    body, envelope = shown_edition(request, text)
    content = render_docx(body, envelope, campaign_letterhead(text.letter.campaign), gaps=True)
    return inline_response(f"letter-{letter_number}-draft.docx", content, CONTENT_TYPE)


@staff_page(Permission.DRAFT)
@require_POST
def word_text(request: StaffRequest, letter_number: int, language: str) -> HttpResponse:
    """The words of an uploaded file, for the editor to clean and insert. Stores nothing."""
    text = text_or_404(request, letter_number, language)
    if not is_open(text.letter) or not may_draft(request.user, text.letter):
        raise PermissionDenied
    return _words(request)


@staff_page(Permission.DRAFT)
@require_POST
def word_letter(request: StaffRequest) -> HttpResponse:
    """The same of a file that a letter is to begin from."""
    return _words(request)


def _words(request: StaffRequest) -> HttpResponse:
    sent = request.FILES.get("file")
    try:
        if sent is None or (sent.size or 0) > MAX_FILE:
            raise UnreadableWordFile("size" if sent else "damaged")
        found = read_word_file(sent.read())
    except UnreadableWordFile as error:
        return JsonResponse({"error": str(error)}, status=400)
    return JsonResponse({"html": found.html, "left_out": found.left_out, "excerpts": found.excerpts})
