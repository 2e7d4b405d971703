"""The original beside its translation."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from apps.campaigns.access import StaffRequest, staff_page
from apps.campaigns.roles import Permission
from apps.core.errors import DomainError

from ..pages.original_pane import original_pane
from ..selectors.drafts import is_open, may_draft
from ..services.translations import translated_block_confirm
from .lookups import text_or_404


@staff_page(Permission.READ)
@require_safe
def original(request: StaffRequest, letter_number: int, language: str) -> HttpResponse:
    """The cards alone, for the editor; 204 where ?key= is what it shows already."""
    text = text_or_404(request, letter_number, language)
    pane = original_pane(text)
    if pane is None:
        raise Http404
    if request.GET.get("key") == pane.key:
        return HttpResponse(status=204)
    writes = request.team_member.may(Permission.DRAFT) and is_open(text.letter) and may_draft(request.user, text.letter)
    context = {"letter": text.letter, "text": text, "original_pane": pane, "can_edit": writes}
    return render(request, "letters/_original_blocks.html", context)


@staff_page(Permission.DRAFT)
@require_POST
def confirm(request: StaffRequest, letter_number: int, language: str) -> HttpResponse:
    """POST {block, words}: the translation is right for these words of the original's block. The editor asks with
    ?part=1 and gets an error as text."""
    text = text_or_404(request, letter_number, language)
    part = request.GET.get("part") == "1"
    try:
        translated_block_confirm(
            text=text,
            actor=request.user,
            block=request.POST.get("block", ""),
            words=request.POST.get("words", "").replace("\r\n", "\n"),
        )
    except DomainError as error:
        if part:
            return HttpResponse(str(error), status=error.status, content_type="text/plain; charset=utf-8")
        messages.error(request, str(error))
    if part:
        return HttpResponse(status=204)
    workspace = reverse("letters:workspace", args=[request.campaign.slug, letter_number])
    return redirect(f"{workspace}?language={language}&beside=1")
