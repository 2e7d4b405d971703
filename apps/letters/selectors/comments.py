"""Comments on texts, and who takes part in them."""

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from apps.accounts.models import User
from apps.campaigns.models import Campaign, TeamMember
from apps.campaigns.roles import Permission, roles_with
from apps.campaigns.selectors import has_permission
from apps.core.tokens import token_hash

from ..models import Comment, GuestLink, Letter, LetterText
from .drafts import may_draft

#: of a comment in an outer query: the first one of its thread
THREAD = Coalesce(OuterRef("thread"), OuterRef("pk"))
#: resolved threads that are shown beside the open ones
RESOLVED_SHOWN = 50


def people_to_mention(campaign: Campaign) -> QuerySet[User]:
    """Those of the team who comment, by name."""
    roles = roles_with(Permission.COMMENT)
    team = TeamMember.objects.filter(campaign=campaign, state=TeamMember.State.ACTIVE, roles__overlap=roles)
    return User.objects.filter(pk__in=team.values("user"), is_active=True).order_by("name", "pk")


def comment_threads(text: LetterText) -> list[Comment]:
    """Open threads in the order in which they began, then the latest resolved ones; with their replies."""
    rows = Comment.objects.filter(text=text, thread=None).select_related("author", "guest", "resolved_by")
    replies = Comment.objects.select_related("author", "guest").prefetch_related("mentions").order_by("pk")
    rows = rows.prefetch_related(Prefetch("replies", replies), "mentions")
    resolved = rows.exclude(resolved_at=None).order_by("-resolved_at")[:RESOLVED_SHOWN]
    return [*rows.filter(resolved_at=None).order_by("pk"), *resolved]


def guest_threads(text: LetterText, link: GuestLink) -> QuerySet[Comment]:
    """Those that a guest began or replied to, resolved ones too: what the team says among itself stays inside."""
    answered = Comment.objects.filter(text=text, guest=link, thread__isnull=False)
    mine = Q(guest=link) | Q(pk__in=answered.values("thread"))
    return Comment.objects.filter(mine, text=text, thread=None).order_by("pk")


def mentions_unanswered(user: User, campaign: Campaign) -> list[Comment]:
    """Comments in open threads that name the person, after which they have said nothing there; oldest first."""
    named = _waiting(campaign).filter(mentions=user).exclude(author=user)
    answers = Comment.objects.filter(author=user, thread=THREAD, pk__gt=OuterRef("pk"))
    return list(named.filter(~Exists(answers)))


def guest_comments_unanswered(user: User, campaign: Campaign) -> list[Comment]:
    """What guests said in open threads, after which nobody of the team has said anything there, with a link of this
    person or where they wrote or were named; oldest first."""
    said = Comment.objects.alias(root=Coalesce("thread", "pk")).filter(root=THREAD)
    own = Q(guest__made_by=user) | Exists(said.filter(author=user)) | Exists(said.filter(mentions=user))
    answers = said.filter(guest=None, pk__gt=OuterRef("pk"))
    return list(_waiting(campaign).filter(own, ~Exists(answers), guest__isnull=False))


def _waiting(campaign: Campaign) -> QuerySet[Comment]:
    """Those in open threads of texts that can still change, oldest first."""
    rows = Comment.objects.filter(
        text__removed_at=None,
        text__letter__campaign=campaign, text__letter__closed_at=None, text__letter__archived_at=None,
    )  # fmt: skip
    rows = rows.filter(Q(thread=None, resolved_at=None) | Q(thread__isnull=False, thread__resolved_at=None))
    return rows.select_related("text__letter").defer("text__body").order_by("pk")


def may_remove_guests(user: User, letter: Letter) -> bool:
    """Whether the person may remove what guests say about the letter: whoever may draft it."""
    return has_permission(letter.campaign, user, Permission.DRAFT) and may_draft(user, letter)


def open_guest_links() -> QuerySet[GuestLink]:
    """Neither ended nor expired, and whoever made the link may still draft in the campaign."""
    makers = TeamMember.objects.filter(
        campaign=OuterRef("letter__campaign"), user=OuterRef("made_by"), user__is_active=True,
        state=TeamMember.State.ACTIVE, roles__overlap=roles_with(Permission.DRAFT),
    )  # fmt: skip
    return GuestLink.objects.filter(Exists(makers), ended_at=None, expires_at__gt=timezone.now())


def open_guest_link(token: str) -> GuestLink | None:
    return open_guest_links().filter(token_sha256=token_hash(token)).select_related("letter__campaign").first()


def guest_links_of(letter: Letter) -> QuerySet[GuestLink]:
    """With `is_open`."""
    return letter.guest_links.annotate(is_open=Exists(open_guest_links().filter(pk=OuterRef("pk"))))
