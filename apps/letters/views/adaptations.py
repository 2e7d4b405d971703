"""Writing passages for one government, and deciding about them."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from rest_framework.response import Response

from apps.campaigns.access import StaffRequest, staff_page
from apps.campaigns.roles import Permission
from apps.core.errors import DomainError
from apps.core.text import whole_number
from apps.governments.models import Member

from ..models import Adaptation, LetterText
from ..pages.adaptation_editor import passage_data
from ..selectors.adaptations import may_adapt
from ..selectors.drafts import is_open, may_edit
from ..serializers import SavedPassage
from ..services.adaptations import (
    adaptation_keep,
    adaptation_move,
    adaptation_remove,
    adaptation_restore,
    adaptation_save,
)
from .editor import read_body, staff_api
from .lookups import StaffApiRequest, addressee_or_404, letter_or_404, text_or_404

type Act = Callable[[StaffRequest, Adaptation], object]


@staff_page(Permission.DRAFT)
@require_http_methods(["GET", "HEAD", "POST"])
def adapt(request: StaffRequest, letter_number: int, language: str, code: str) -> HttpResponse:
    """The editor of the passage ?kind= (replace, after, leave_out) at ?block=. POST leaves the block out."""
    text = text_or_404(request, letter_number, language)
    member = addressee_or_404(text.letter, code)
    asked = request.POST if request.method == "POST" else request.GET
    kind, block = asked.get("kind", Adaptation.Kind.REPLACE), asked.get("block", "")[:20]
    if member is None or kind not in Adaptation.Kind.values:
        raise Http404
    if request.method == "POST":
        return _leave_out(request, text, member, block)
    names = request.team_member.may(Permission.SEE_CONTACTS)
    data = passage_data(text, member, kind=kind, block=block, names=names)
    back = reverse("letters:country_letter", args=[request.campaign.slug, letter_number, language, member.code])
    save = reverse("letters:adaptation_save", args=[request.campaign.slug, letter_number, language, member.code])
    evidence, update = (
        reverse(f"letters:{name}", args=[request.campaign.slug, letter_number, language])
        for name in ("evidence", "citation_update")
    )
    urls = {"save": save, "back": back, "evidence": evidence}
    if may_edit(request.user, text.letter):
        urls["citation_update"] = update
    context = {
        "letter": text.letter,
        "text": text,
        "member": member,
        "kind": kind,
        "back": back,
        "passage": data,
        "may_adapt": is_open(text.letter) and may_adapt(request.user, text.letter, member),
        "editor_data": data.editor | {"urls": urls} if data else {},
    }
    return render(request, "letters/adapt.html", context)


def _leave_out(request: StaffRequest, text: LetterText, member: Member, block: str) -> HttpResponse:
    revision = whole_number(request.POST.get("revision", "")) or 0
    try:
        adaptation_save(
            text=text, member=member, actor=request.user, kind=Adaptation.Kind.LEAVE_OUT, block=block,
            revision=revision, base_sha256=request.POST.get("base_sha256", ""),
        )  # fmt: skip
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Left out. Others still get it."))
    return redirect("letters:country_letter", request.campaign.slug, text.letter.number, text.language, member.code)


@staff_api(Permission.DRAFT, "POST")
def save(request: StaffApiRequest, letter_number: int, language: str, code: str) -> Response:
    """{kind, block, revision, base_sha256, content}: 409 with the present base where that changed meanwhile."""
    text = text_or_404(request, letter_number, language)
    member = addressee_or_404(text.letter, code)
    if member is None:
        raise Http404
    sent = read_body(request, SavedPassage)
    saved = adaptation_save(text=text, member=member, actor=request.user, **sent)
    return Response({"id": saved.pk, "revision": saved.revision})


def _decide(request: StaffRequest, letter_number: int, adaptation_id: int, act: Act, done: str) -> HttpResponse:
    """Carry it out, and go back to the country letter with the outcome in words."""
    letter = letter_or_404(request, letter_number)
    rows = Adaptation.objects.select_related("text__letter__campaign", "member")
    found = get_object_or_404(rows, text__letter=letter, pk=adaptation_id)
    try:
        act(request, found)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    args = [request.campaign.slug, letter_number, found.text.language, found.member.code]
    return redirect("letters:country_letter", *args)


@staff_page(Permission.DRAFT)
@require_POST
def keep(request: StaffRequest, letter_number: int, adaptation_id: int) -> HttpResponse:
    def act(request: StaffRequest, found: Adaptation) -> None:
        adaptation_keep(adaptation=found, actor=request.user, base_sha256=request.POST.get("base_sha256", ""))

    return _decide(request, letter_number, adaptation_id, act, _("Kept as it is, beside the new text."))


@staff_page(Permission.DRAFT)
@require_POST
def remove(request: StaffRequest, letter_number: int, adaptation_id: int) -> HttpResponse:
    def act(request: StaffRequest, found: Adaptation) -> None:
        adaptation_remove(adaptation=found, actor=request.user)

    done = _("Removed: this government gets the text for everybody. The passage can be brought back below.")
    return _decide(request, letter_number, adaptation_id, act, done)


@staff_page(Permission.DRAFT)
@require_POST
def restore(request: StaffRequest, letter_number: int, adaptation_id: int) -> HttpResponse:
    def act(request: StaffRequest, found: Adaptation) -> None:
        adaptation_restore(adaptation=found, actor=request.user)

    return _decide(request, letter_number, adaptation_id, act, _("The passage is back."))


@staff_page(Permission.DRAFT)
@require_POST
def move(request: StaffRequest, letter_number: int, adaptation_id: int) -> HttpResponse:
    def act(request: StaffRequest, found: Adaptation) -> None:
        adaptation_move(adaptation=found, actor=request.user, block=request.POST.get("block", "")[:20])

    return _decide(request, letter_number, adaptation_id, act, _("Moved."))
