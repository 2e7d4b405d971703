"""Requests for review: whom they ask, how they ended, what was said."""

from collections.abc import Iterable

from django.db.models import QuerySet

from apps.accounts.models import User
from apps.campaigns.models import Campaign, TeamMember
from apps.campaigns.roles import Permission, roles_with

from ..models import LetterText, ReviewComment, ReviewRequest
from .drafts import authors_since_approval

Outcome = ReviewRequest.Outcome


def campaign_reviewers(campaign: Campaign) -> QuerySet[User]:
    """The active people of the team who may review, by name."""
    roles = [role.value for role in roles_with(Permission.REVIEW)]
    members = TeamMember.objects.filter(campaign=campaign, state=TeamMember.State.ACTIVE, roles__overlap=roles)
    return User.objects.filter(is_active=True, pk__in=members.values("user")).order_by("name", "pk")


def possible_reviewers(text: LetterText) -> QuerySet[User]:
    """Those of them who did not write in the text since its last approval."""
    return campaign_reviewers(text.letter.campaign).exclude(pk__in=authors_since_approval(text))


def open_request(text: LetterText) -> ReviewRequest | None:
    return ReviewRequest.objects.filter(text=text, closed_at=None).first()


def standing_refusal(text: LetterText) -> ReviewRequest | None:
    """The last request, if the text was sent back and is still as it was then."""
    last = ReviewRequest.objects.filter(text=text).select_related("closed_by").first()
    return last if last and last.outcome == Outcome.SENT_BACK and last.sha256 == text.sha256 else None


def refused_texts(texts: Iterable[LetterText]) -> list[ReviewRequest]:
    """The standing refusals of these texts, the oldest first."""
    last = ReviewRequest.objects.filter(text__in=texts).order_by("text_id", "-id").distinct("text_id")
    found = [row for row in last.select_related("text__letter").defer("text__body") if row.outcome == Outcome.SENT_BACK]
    return sorted((row for row in found if row.sha256 == row.text.sha256), key=lambda row: (row.closed_at, row.pk))


def open_requests(campaign: Campaign) -> list[tuple[ReviewRequest, set[int]]]:
    """Those of its open letters, the oldest first, with the ids of the named reviewers who still may review: where none
    of them does, everybody is asked."""
    rows = ReviewRequest.objects.filter(text__letter__campaign=campaign, text__removed_at=None, closed_at=None)
    rows = rows.filter(text__letter__closed_at=None, text__letter__archived_at=None)
    able = set(campaign_reviewers(campaign).order_by().values_list("pk", flat=True))
    found = rows.select_related("text__letter").defer("text__body").prefetch_related("reviewers").order_by("asked_at")
    return [(row, {person.pk for person in row.reviewers.all()} & able) for row in found]


def comments_to(user: User, campaign: Campaign) -> QuerySet[ReviewComment]:
    """By others, on the newest request of a text, where the person asked, was named, or said something."""
    newest = ReviewRequest.objects.filter(text__letter__campaign=campaign).order_by("text_id", "-id")
    newest = newest.distinct("text_id")
    own = ReviewRequest.objects.filter(pk__in=newest.values("pk"))
    concerned = own.filter(asked_by=user) | own.filter(reviewers=user) | own.filter(comments__by=user)
    return ReviewComment.objects.filter(request__in=concerned.values("pk")).exclude(by=user).order_by("pk")
