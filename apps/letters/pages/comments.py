"""Comments as the editor and the page of guests show them."""

from dataclasses import dataclass

from django.utils.translation import get_language

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.core.digits import text_with_digits
from apps.core.times import reader_time
from apps.core.types import JsonObject

from ..models import Comment, LetterText
from ..selectors.comments import comment_threads, may_remove_guests, people_to_mention


@dataclass(frozen=True)
class Page:
    """`moderates`: removes what guests said."""

    reader: User
    campaign: Campaign
    moderates: bool


def comment_author(comment: Comment) -> str:
    """The name of whoever wrote it; empty for somebody who left no trace."""
    return str(comment.author or "") or (comment.guest.name if comment.guest else "")


def comments_data(text: LetterText, reader: User) -> JsonObject:
    """{threads, people}: what stands beside a text, and who can be named in a comment."""
    campaign = text.letter.campaign
    people = [{"id": person.pk, "name": str(person)} for person in people_to_mention(campaign)]
    page = Page(reader, campaign, may_remove_guests(reader, text.letter))
    return {"threads": [_thread(thread, page) for thread in comment_threads(text)], "people": people}


def thread_data(thread: Comment, reader: User, campaign: Campaign) -> JsonObject:
    """A thread with its replies."""
    return _thread(thread, Page(reader, campaign, may_remove_guests(reader, thread.text.letter)))


def _thread(thread: Comment, page: Page) -> JsonObject:
    return {
        **_said(thread, page),
        "block": thread.block,
        "anchor": thread.anchor,
        "quote": thread.quote,
        "proposal": thread.proposal if thread.suggests else None,
        "decision": thread.decision,
        "resolved": thread.resolved_at is not None,
        "resolved_by": str(thread.resolved_by or ""),
        "replies": [_said(reply, page) for reply in thread.replies.all()],
    }


def _said(comment: Comment, page: Page) -> JsonObject:
    return {
        "id": comment.pk,
        "by": comment_author(comment),
        "guest": comment.guest_id is not None,
        "removable": page.moderates if comment.guest_id else comment.author_id == page.reader.pk,
        "at": text_with_digits(reader_time(comment.created_at, page.campaign), get_language() or "en"),
        "body": comment.body,
        "mentions": [str(person) for person in comment.mentions.all()],
    }
