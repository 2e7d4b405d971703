"""The whole draft with its audiences, and the changes since the last approval."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.text import joined
from apps.core.types import JsonObject
from apps.governments.models import Member
from apps.governments.selectors import reference_day
from apps.sources.selectors import campaign_document

from ..document.differences import Change, changes
from ..document.resolution import Frozen, resolve
from ..edition_content import cited_places, edition_body, footnotes
from ..merge_fields import envelope_keys, field_values
from ..models import LetterText, ReviewRequest
from ..selectors.drafts import last_approved, text_facts
from .audiences import audience_marks
from .compared_words import lines_in_words


@dataclass(frozen=True)
class WholeDraft:
    """An edition's body with every passage, and {block id: (class, sentence)}."""

    body: JsonObject
    audiences: dict[str, tuple[str, str]]


def whole_draft(text: LetterText, member: Member | None) -> WholeDraft:
    """With the values of `member`, or general words."""
    campaign = text.letter.campaign
    day = reference_day(campaign)
    context = {"campaign": campaign, "member": member, "day": day, "language": text.language}
    facts = text_facts(text)
    frozen = Frozen(
        field_values(context, envelope=False), envelope_keys(), matches=lambda entries: True, places=cited_places(facts)
    )
    shown = {**text.body, "content": [_for_everybody(block) for block in text.body.get("content", [])]}
    resolution = resolve(shown, frozen)
    notes = footnotes(resolution.notes, facts, text.language, campaign_document(campaign))
    body = edition_body(
        subject=text.subject, language=text.language, member=member, blocks=resolution.blocks, notes=notes
    )
    return WholeDraft(body, audience_marks(text, day))


def _for_everybody(block: JsonObject) -> JsonObject:
    if block["type"] != "audience":
        return block
    return {**block, "attrs": {**block["attrs"], "only": [], "except": []}}


def changes_since_approval(text: LetterText) -> list[Change] | None:
    """Since the last approved revision, by paragraphs; None if there is none."""
    before = last_approved(text)
    if before is None:
        return None
    lines = lines_in_words(text.letter)
    found = changes(lines(before.subject, before.body), lines(text.subject, text.body))
    return found or ([] if before.body == text.body else [Change("formatting")])


@dataclass(frozen=True)
class ReviewEntry:
    """One act of a review: who did what, and what they wrote."""

    at: datetime
    glyph: str
    what: str
    words: str = ""


def review_entries(text: LetterText) -> list[ReviewEntry]:
    """Requests, comments, refusals and approvals, the newest first."""
    found: list[ReviewEntry] = []
    requests = text.review_requests.select_related("asked_by", "closed_by")
    for request in requests.prefetch_related("reviewers", "comments__by"):
        found += _request_entries(request)
    for approval in text.approvals.select_related("reviewer"):
        found.append(ReviewEntry(approval.at, "ok", _("%(who)s approved it") % {"who": approval.reviewer}))
    return sorted(found, key=lambda entry: entry.at, reverse=True)


def _request_entries(request: ReviewRequest) -> list[ReviewEntry]:
    named = joined(str(person) for person in request.reviewers.all())
    words = {"who": _name(request.asked_by), "whom": named}
    asked = _("%(who)s asked %(whom)s for a review") if named else _("%(who)s asked for a review")
    found = [ReviewEntry(request.asked_at, "pen", asked % words, request.note)]
    for comment in request.comments.all():
        found.append(ReviewEntry(comment.at, "reply", _name(comment.by), comment.text))
    if request.closed_at and request.outcome == ReviewRequest.Outcome.SENT_BACK:
        what = _("%(who)s sent it back") % {"who": _name(request.closed_by)}
        found.append(ReviewEntry(request.closed_at, "bounce", what, request.reason))
    return found


def _name(person: User | None) -> str:
    return str(person) if person else _("Somebody")
