"""A draft as a guest reads it: block by block, each with what was said about it."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.utils.safestring import SafeString
from django.utils.text import Truncator

from ..merge_fields import envelope_values
from ..models import Comment, GuestLink, LetterText
from ..rendering.html import draft_blocks_html
from ..selectors.comments import guest_threads
from .comments import comment_author
from .review import whole_draft


@dataclass(frozen=True)
class AuthoredComment:
    by: str
    comment: Comment


@dataclass(frozen=True)
class Thread:
    first: AuthoredComment
    replies: list[AuthoredComment]


@dataclass(frozen=True)
class GuestBlock:
    """`id` is that of the document's block, empty for the notes; `words` are its first ones."""

    id: str
    html: SafeString
    words: str = ""
    threads: list[Thread] = field(default_factory=list)


@dataclass(frozen=True)
class GuestLetter:
    blocks: list[GuestBlock]
    #: about the whole text, or about passages that are gone
    general: list[Thread]


def guest_letter(text: LetterText, link: GuestLink) -> GuestLetter:
    """With every passage, each under a sentence that says for whom, and with no values of any government."""
    draft = whole_draft(text, None)
    envelope = envelope_values(text.letter.campaign, None, language=text.language)
    by_block: dict[str, list[Thread]] = defaultdict(list)
    threads = guest_threads(text, link).select_related("author", "guest")
    for thread in threads.prefetch_related("replies__author", "replies__guest"):
        replies = [AuthoredComment(comment_author(reply), reply) for reply in thread.replies.all()]
        by_block[thread.block].append(Thread(AuthoredComment(comment_author(thread), thread), replies))
    blocks = [
        GuestBlock(block.source_id, html, Truncator(block.text).chars(200), by_block.pop(block.source_id, []))
        for block, html in draft_blocks_html(draft.body, envelope, draft.audiences)
    ]
    return GuestLetter(blocks, [thread for rest in by_block.values() for thread in rest])
