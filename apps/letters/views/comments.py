"""JSON for the comments beside the editor."""

from django.db.models import Q
from django.shortcuts import get_object_or_404
from rest_framework.response import Response

from apps.campaigns.roles import Permission

from ..models import Comment
from ..pages.comments import comments_data, thread_data
from ..serializers import NewComment, NewReply, SuggestionDecision, ThreadState
from ..services.comments import (
    Passage,
    comment_add,
    comment_remove,
    comment_reply,
    comment_resolve,
    suggestion_decide,
)
from .editor import read_body, staff_api
from .lookups import StaffApiRequest, stored_text_or_404


@staff_api(Permission.READ, "GET")
def comments(request: StaffApiRequest, letter_number: int, language: str) -> Response:
    """{threads, people}: see `pages.comments`."""
    return Response(comments_data(stored_text_or_404(request, letter_number, language), request.user))


@staff_api(Permission.COMMENT, "POST")
def comment_new(request: StaffApiRequest, letter_number: int, language: str) -> Response:
    """POST {block, quote, anchor, body, proposal, mentions, form_key}: a new thread."""
    text = stored_text_or_404(request, letter_number, language)
    sent = read_body(request, NewComment)
    passage = Passage(sent["block"], sent["quote"], sent["anchor"])
    made = comment_add(
        text=text, author=request.user, passage=passage, body=sent["body"], proposal=sent["proposal"],
        mentions=sent["mentions"], form_key=sent["form_key"],
    )  # fmt: skip
    return Response(thread_data(made, request.user, request.campaign), status=201)


@staff_api(Permission.COMMENT, "POST")
def comment_answer(request: StaffApiRequest, letter_number: int, language: str, comment_id: int) -> Response:
    """POST {body, mentions, form_key}: a reply in this thread."""
    thread = thread_or_404(request, letter_number, language, comment_id)
    sent = read_body(request, NewReply)
    comment_reply(thread=thread, author=request.user, **sent)
    return _answer(request, thread, status=201)


@staff_api(Permission.COMMENT, "POST")
def comment_close(request: StaffApiRequest, letter_number: int, language: str, comment_id: int) -> Response:
    """POST {resolved}."""
    thread = thread_or_404(request, letter_number, language, comment_id)
    sent = read_body(request, ThreadState)
    comment_resolve(thread=thread, actor=request.user, resolved=sent["resolved"])
    return _answer(request, thread)


@staff_api(Permission.DRAFT, "POST")
def comment_decide(request: StaffApiRequest, letter_number: int, language: str, comment_id: int) -> Response:
    """POST {accepted}: the editor has put an accepted suggestion into the text before."""
    thread = thread_or_404(request, letter_number, language, comment_id)
    sent = read_body(request, SuggestionDecision)
    suggestion_decide(thread=thread, actor=request.user, accepted=sent["accepted"])
    return _answer(request, thread)


@staff_api(Permission.COMMENT, "POST")
def comment_delete(request: StaffApiRequest, letter_number: int, language: str, comment_id: int) -> Response:
    """One's own comment or reply, or a guest's, while nobody has answered it."""
    text = stored_text_or_404(request, letter_number, language)
    removable = Comment.objects.filter(Q(author=request.user) | Q(guest__isnull=False), text=text)
    comment = get_object_or_404(removable, pk=comment_id)
    comment_remove(comment=comment, actor=request.user)
    return Response(status=204)


def thread_or_404(request: StaffApiRequest, letter_number: int, language: str, comment_id: int) -> Comment:
    text = stored_text_or_404(request, letter_number, language)
    return get_object_or_404(Comment, text=text, thread=None, pk=comment_id)


def _answer(request: StaffApiRequest, thread: Comment, status: int = 200) -> Response:
    fresh = Comment.objects.select_related("author", "guest", "resolved_by").get(pk=thread.pk)
    return Response(thread_data(fresh, request.user, request.campaign), status=status)
