"""What waits in the letters of a campaign."""

from datetime import timedelta

from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from apps.campaigns.models import TeamMember
from apps.campaigns.roles import Permission
from apps.core.registries import ActionItem, ActionSource, Timing
from apps.core.text import first_names

from ..models import Comment, FactUse, LetterText, ReviewRequest
from ..selectors.comments import guest_comments_unanswered, mentions_unanswered
from ..selectors.drafts import APPROVED, authors_since_approval, letter_state, letters_with_state
from ..selectors.reviews import comments_to, open_requests, refused_texts

#: how long a comment is news
COMMENTS_TOLD = timedelta(days=2)


def texts_to_review(member: TeamMember) -> ActionItem | None:
    """For everybody who may review, of requests that name nobody who still may."""
    return _reviews(member, [row for row, named in open_requests(member.campaign) if not named])


def reviews_asked_of_me(member: TeamMember) -> ActionItem | None:
    return _reviews(member, [row for row, named in open_requests(member.campaign) if member.user_id in named])


def _reviews(member: TeamMember, found: list[ReviewRequest]) -> ActionItem | None:
    if not found:
        return None
    headline = ngettext("%(n)d text waits for review", "%(n)d texts wait for review", len(found)) % {"n": len(found)}
    names, since = first_names((row.text.letter.title for row in found), most=4), found[0].asked_at
    return ActionItem(
        "idle", "pen", pgettext("verb", "Review"), headline, names, since, _review(member, found[0].text),
        _("Read the text"), count=len(found), keys=tuple(f"{row.text_id}:{row.pk}" for row in found),
    )  # fmt: skip


def texts_sent_back(member: TeamMember) -> ActionItem | None:
    """For who asked for the review, and who wrote in the text."""
    present = LetterText.objects.filter(letter__campaign=member.campaign)
    refused = refused_texts(present.filter(letter__closed_at=None, letter__archived_at=None))
    found = [row for row in refused if member.user_id in {row.asked_by_id, *authors_since_approval(row.text)}]
    if not found:
        return None
    headline = ngettext("%(n)d text was sent back", "%(n)d texts were sent back", len(found)) % {"n": len(found)}
    names = first_names((row.text.letter.title for row in found), most=4)
    return ActionItem(
        "warn", "reply", pgettext("text", "Sent back"), headline, names, found[0].closed_at,
        _review(member, found[0].text), _("Read why"), count=len(found),
        keys=tuple(f"{row.text_id}:{row.pk}" for row in found),
    )  # fmt: skip


def review_comments(member: TeamMember) -> ActionItem | None:
    """Told, and not listed: nobody has to act."""
    since = timezone.now() - COMMENTS_TOLD
    rows = comments_to(member.user, member.campaign).filter(at__gte=since)
    found = list(rows.select_related("request__text__letter").defer("request__text__body"))
    if not found:
        return None
    headline = ngettext(
        "%(n)d new comment on a text in review", "%(n)d new comments on texts in review", len(found)
    ) % {"n": len(found)}
    return ActionItem(
        "idle", "pen", "", headline, "", found[0].at, _review(member, found[0].request.text), _("Read the comments"),
        keys=tuple(str(comment.pk) for comment in found), past=True,
    )  # fmt: skip


def letters_to_freeze(member: TeamMember) -> ActionItem | None:
    letters = letters_with_state(member.campaign.letters.filter(closed_at=None, archived_at=None)).order_by("number")
    found = [letter for letter in letters if letter_state(letter) == APPROVED]
    if not found:
        return None
    headline = ngettext(
        "%(n)d letter is approved and not frozen", "%(n)d letters are approved and not frozen", len(found)
    )
    names = first_names((letter.title for letter in found), most=4)
    return ActionItem(
        "idle", "ok", pgettext("verb", "Freeze"), headline % {"n": len(found)}, names, None,
        _workspace(member, found[0].number), _("Open the letter"), count=len(found),
        keys=tuple(str(letter.pk) for letter in found),
    )  # fmt: skip


def mentions(member: TeamMember) -> ActionItem | None:
    found = mentions_unanswered(member.user, member.campaign)
    headline = ngettext("A comment names you", "%(n)d comments name you", len(found)) % {"n": len(found)}
    return _comments(member, headline, found)


def guest_comments(member: TeamMember) -> ActionItem | None:
    found = guest_comments_unanswered(member.user, member.campaign)
    headline = ngettext(
        "%(n)d comment of a guest has no answer", "%(n)d comments of guests have no answer", len(found)
    ) % {"n": len(found)}
    return _comments(member, headline, found)


def _comments(member: TeamMember, headline: str, found: list[Comment]) -> ActionItem | None:
    if not found:
        return None
    names, first = first_names((comment.text.letter.title for comment in found), most=4), found[0]
    url = _workspace(member, first.text.letter.number, first.text.language)
    url += f"#comment-{first.thread_id or first.pk}"
    return ActionItem(
        "idle", "pen", pgettext("verb", "Answer"), headline, names, first.created_at, url, _("Read the comment"),
        count=len(found), keys=tuple(str(comment.pk) for comment in found),
    )  # fmt: skip


def changed_facts(member: TeamMember) -> ActionItem | None:
    drafts = {"text__letter__closed_at": None, "text__letter__archived_at": None}
    changed = FactUse.objects.filter(text__letter__campaign=member.campaign, **drafts)
    changed = changed.filter(Q(fact__retired_at__isnull=False) | Q(fact_revision__lt=F("fact__revision")))
    rows = changed.select_related("fact__point", "text__letter").defer("text__body")
    found = list(rows.order_by("text__letter__number", "text_id"))
    if not found:
        return None
    facts = {use.fact_id for use in found}
    headline = ngettext(
        "%(n)d fact used in a draft was corrected", "%(n)d facts used in drafts were corrected", len(facts)
    ) % {"n": len(facts)}
    names = first_names((use.text.letter.title for use in found), most=4)
    return ActionItem(
        "idle", "warn", pgettext("fact", "Changed"), headline, names, None,
        _workspace(member, found[0].text.letter.number, found[0].text.language), _("Update the draft"),
        count=len(facts), keys=tuple(f"{use.fact_id}:{use.fact.revision}" for use in found),
    )  # fmt: skip


def _review(member: TeamMember, text: LetterText) -> str:
    return reverse("letters:review", args=[member.campaign.slug, text.letter.number, text.language])


def _workspace(member: TeamMember, letter_number: int, language: str = "") -> str:
    """Of the text in this language, by default the original."""
    url = reverse("letters:workspace", args=[member.campaign.slug, letter_number])
    return f"{url}?language={language}" if language else url


SOURCES = {
    "texts_to_review": ActionSource(
        gettext_lazy("A text waits for review"), Permission.REVIEW, texts_to_review, again=timedelta(days=1)
    ),
    "mentions": ActionSource(
        gettext_lazy("A comment names you"),
        Permission.COMMENT,
        mentions,
        timing=Timing.NOW,
        gap=timedelta(minutes=10),
    ),
    "guest_comments": ActionSource(
        gettext_lazy("A guest to whom I gave a link comments"), Permission.COMMENT, guest_comments
    ),
    "reviews_asked_of_me": ActionSource(
        gettext_lazy("Somebody asks me to review a text"), Permission.REVIEW, reviews_asked_of_me, timing=Timing.NOW
    ),
    "texts_sent_back": ActionSource(
        gettext_lazy("A text of mine was sent back"), Permission.DRAFT, texts_sent_back, timing=Timing.NOW
    ),
    "review_comments": ActionSource(
        gettext_lazy("Somebody comments on a review"),
        Permission.READ,
        review_comments,
        timing=Timing.NOW,
        gap=timedelta(minutes=10),
    ),
    "letters_to_freeze": ActionSource(
        gettext_lazy("A letter is approved and not frozen"), Permission.REVIEW, letters_to_freeze, timing=Timing.NEVER
    ),
    "changed_facts": ActionSource(
        gettext_lazy("A fact used in a draft was corrected"), Permission.DRAFT, changed_facts, timing=Timing.NEVER
    ),
}
