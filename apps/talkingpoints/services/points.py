"""Add and correct points. A point keeps its number: asks, audiences and letters name it by that."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.core.audit import audit_record
from apps.core.errors import Conflict, DomainError
from apps.core.optimistic_locking import apply_changes, fingerprint
from apps.core.text import sort_key, unique_key

from ..models import TalkingPoint
from ..translation_status import ORIGINAL, original_hash
from .translations import translation_save

#: as long as the campaign's files take
LONGEST_SLUG = 50


def next_number(campaign: Campaign) -> int:
    return (campaign.points.aggregate(last=Max("number"))["last"] or 0) + 1


def point_fingerprint(point: TalkingPoint) -> str:
    names = ("title", "claim", "topics", "related_groups", "related_countries", "extra")
    return fingerprint([getattr(point, name) for name in names])


@transaction.atomic
def point_add(
    *,
    campaign: Campaign,
    actor: User,
    number: int,
    title: str,
    claim: str,
    slug: str = "",
    passage: str = "",
    topics: Sequence[str] = (),
    related_groups: Sequence[str] = (),
    related_countries: Sequence[str] = (),
) -> TalkingPoint:
    """`topics` are words as people write them. The default slug is made from the title. Raises DomainError."""
    Campaign.objects.locked(campaign.pk)
    _check_words(title, claim)
    twin = TalkingPoint.objects.filter(campaign=campaign, number=number).first()
    if twin is not None:
        raise DomainError(
            _("Point %(number)s already exists: “%(title)s”. The next free number is %(free)s.")
            % {"number": number, "title": twin.title, "free": next_number(campaign)},
            field="number",
        )
    slugs, labels = topic_slugs(campaign, topics)
    point = TalkingPoint.objects.create(
        campaign=campaign,
        number=number,
        slug=_free_slug(campaign, slug, title, number),
        title=title,
        claim=claim,
        topics=slugs,
        related_groups=list(related_groups),
        related_countries=list(related_countries),
        extra={"labels": labels} if labels else {},
        edited_at=timezone.now(),
    )
    audit_record(verb="point.add", subject=point, actor=actor, number=number)
    if passage.strip():
        original = original_hash(point, ORIGINAL)
        translation_save(point=point, language=ORIGINAL, actor=actor, revision=0, original=original, passage=passage)
    return point


@transaction.atomic
def point_correct(
    *, point: TalkingPoint, actor: User, seen: str, topics: Sequence[str], **values: object
) -> TalkingPoint:
    """Change title, claim, topics, related groups and countries; translations become stale. `seen`: the
    `point_fingerprint` of what the person read."""
    campaign = Campaign.objects.locked(point.campaign_id)
    row = TalkingPoint.objects.select_for_update(of=("self",)).get(pk=point.pk)
    if seen != point_fingerprint(row):
        raise Conflict(_("Somebody changed this point while you had it open. Compare with theirs, then save."))
    _check_words(str(values.get("title", row.title)), str(values.get("claim", row.claim)))
    slugs, labels = topic_slugs(campaign, topics)
    kept = {name: label for name, label in row.extra.get("labels", {}).items() if name in row.actors}
    extra = {name: value for name, value in row.extra.items() if name != "labels"}
    values |= {"topics": slugs, "extra": {**extra, "labels": kept | labels} if kept or labels else extra}
    changed = apply_changes(row, values)
    if not changed:
        raise DomainError(_("You have not changed anything. Change what is wrong, then save."))
    row.edited_at = timezone.now()
    row.save()
    fields = sorted(set(changed) - {"extra"})
    audit_record(verb="point.correct", subject=row, actor=actor, number=row.number, fields=fields)
    return row


def topic_slugs(campaign: Campaign, words: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """(slugs, {slug: label that differs from it}) of topics as people write them, known or new."""
    known: dict[str, str] = {}
    labels: dict[str, str] = {}
    for topics, extra in TalkingPoint.objects.filter(campaign=campaign).values_list("topics", "extra"):
        own = extra.get("labels", {})
        labels |= {slug: own.get(slug, slug) for slug in topics if slug not in labels or slug in own}
    for slug, label in labels.items():
        known |= {sort_key(slug): slug, sort_key(label): slug}
    found: dict[str, str] = {}
    for word in words:
        slug = known.get(sort_key(word)) or _new_slug(word, "topic", {*labels, *found})
        found[slug] = labels.get(slug, word)
        known[sort_key(word)] = slug
    return list(found), {slug: word for slug, word in found.items() if word != slug}


def _check_words(title: str, claim: str) -> None:
    if not title.strip():
        raise DomainError(_("A point needs a title: what it says in a few words."), field="title")
    if not claim.strip():
        raise DomainError(_("A point needs its claim: what it says in a sentence or two."), field="claim")


def _free_slug(campaign: Campaign, slug: str, title: str, number: int) -> str:
    taken = set(TalkingPoint.objects.filter(campaign=campaign).values_list("slug", flat=True))
    if slug and slug in taken:
        raise DomainError(
            _("Another point has the short name “%(slug)s”. Choose another, or leave it empty.") % {"slug": slug},
            field="slug",
        )
    return slug or _new_slug(title, f"point-{number}", taken)


def _new_slug(words: str, otherwise: str, taken: set[str]) -> str:
    return unique_key(slugify(words).replace("_", "-")[: LONGEST_SLUG - 4].strip("-") or otherwise, taken)
