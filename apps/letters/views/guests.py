"""Links for allies outside the team: made and ended by drafters, opened by guests."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from apps.campaigns.access import StaffRequest, public, staff_page
from apps.campaigns.roles import Permission
from apps.core.access import behind_token
from apps.core.errors import DomainError
from apps.core.forms import submit
from apps.core.rate_limit import within_limit
from apps.core.site_url import site_url

from ..guest_forms import GuestCommentForm, GuestLinkForm
from ..models import Comment, GuestLink, LetterText
from ..pages.guest_letter import guest_letter
from ..selectors.comments import guest_links_of, open_guest_link
from ..selectors.drafts import is_open, may_draft
from ..services.comments import Passage, comment_add, comment_reply
from ..services.guest_links import guest_link_create, guest_link_end, guest_link_opened
from .lookups import letter_or_404

#: comments of one guest in an hour
GUEST_LIMIT = 60


@staff_page(Permission.DRAFT)
@require_http_methods(["GET", "HEAD", "POST"])
def guest_links(request: StaffRequest, letter_number: int) -> HttpResponse:
    """A link is shown once, on the page that made it."""
    letter = letter_or_404(request, letter_number)
    form = GuestLinkForm(request.POST if request.method == "POST" else None, campaign=request.campaign)
    made, status = submit(form, lambda: guest_link_create(letter=letter, actor=request.user, **form.values()))
    address = ""
    if made:
        address = site_url(reverse("guest_letter", args=[made[1]]))
        form = GuestLinkForm(campaign=request.campaign)
    context = {
        "letter": letter,
        "links": guest_links_of(letter),
        "form": form,
        "made": made and made[0],
        "beyond_limits": not may_draft(request.user, letter),
        "is_open": is_open(letter),
        "address": address,
    }
    return render(request, "letters/guest_links.html", context, status=status)


@staff_page(Permission.DRAFT)
@require_POST
def guest_link_close(request: StaffRequest, letter_number: int, link_id: int) -> HttpResponse:
    letter = letter_or_404(request, letter_number)
    link = guest_link_end(link=get_object_or_404(letter.guest_links, pk=link_id), actor=request.user)
    messages.success(request, _("The link of %(name)s has ended. Its comments stay.") % {"name": link.name})
    return redirect("letters:guest_links", request.campaign.slug, letter_number)


@public
@behind_token
def letter(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows the draft with its comments; POST {block, quote, thread, body, form_key} comments or replies."""
    link = open_guest_link(token)
    if link is None:
        return render(request, "letters/guest_closed.html", {"typed": request.POST.get("body", "")}, status=404)
    text = _text(link, request.GET.get("language", ""))
    form = GuestCommentForm(request.POST if request.method == "POST" else None, text=text, link=link)
    said, status = submit(form, lambda: _say(link, text, form))
    if said:
        root = said.thread_id or said.pk
        return redirect(f"{reverse('guest_letter', args=[token])}?language={text.language}#c{root}")
    if request.method in {"GET", "HEAD"}:
        guest_link_opened(link)
    context = {
        "link": link, "letter": link.letter, "campaign": link.letter.campaign, "text": text, "form": form,
        "shown": guest_letter(text, link), "texts": link.letter.texts.order_by("pk"),
        "open_block": form.data.get("block", ""), "open_thread": form.replied_to,
        "may_comment": is_open(link.letter) or form.is_bound,
    }  # fmt: skip
    return render(request, "letters/guest_letter.html", context, status=status)


def _text(link: GuestLink, language: str) -> LetterText:
    """The text in this language, or the original."""
    texts = list(link.letter.texts.select_related("letter__campaign").order_by("pk"))
    return next((text for text in texts if text.language == language), texts[0])


def _say(link: GuestLink, text: LetterText, form: GuestCommentForm) -> Comment:
    """Raises DomainError."""
    if not within_limit(f"guest:{link.pk}", GUEST_LIMIT, seconds=3600):
        raise DomainError(_("You have commented very often. Try again in an hour."))
    values = form.cleaned_data
    same: Any = {"body": values["body"], "guest": link, "form_key": values["form_key"]}
    if values["thread"]:
        return comment_reply(thread=values["thread"], **same)
    passage = Passage(block=values["block"], quote=values["quote"])
    return comment_add(text=text, passage=passage, **same)
