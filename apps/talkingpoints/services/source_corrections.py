"""Correcting a source: the facts that rest on it, and through them the drafts that cite those, are marked."""

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.sources.models import Source
from apps.sources.services import source_save

from ..models import Fact, FactRevision
from .facts import fact_remember
from .numbering import hold_campaign

#: what a footnote says of a source. A note, an archived copy and the day of the last look change no footnote.
CITED = ("form", "authors", "title", "publisher", "date", "year", "url", "other_url", "doi")


@transaction.atomic
def source_correct(*, source: Source, actor: User, seen: str, **values: object) -> tuple[Source, int]:
    """Save a source as `source_save` does. Where its footnote reads otherwise now, every fact on it gets a new
    revision; what it says stays. Returns the source and the number of those facts. Raises what `source_save` raises.
    """
    hold_campaign(source.campaign_id)  # before any fact is held: a correction of a fact waits here, too
    before = Source.objects.select_related("campaign").get(pk=source.pk)
    saved = source_save(campaign=before.campaign, actor=actor, source=before, seen=seen, **values)
    was = [
        (name, getattr(before, name), getattr(saved, name))
        for name in CITED
        if getattr(before, name) != getattr(saved, name)
    ]
    return saved, facts_mark(source=saved, was=was, actor=actor) if was else 0


def facts_mark(*, source: Source, was: list[tuple[str, Any, Any]], actor: User | None) -> int:
    """Give every fact that rests on the source a new revision, and its history a line with what the source `was`
    (field, before, after); in the caller's transaction. Returns how many there are.
    """
    resting = Fact.objects.filter(Q(source=source) | Q(additional_sources=source)).values("pk")
    facts = list(Fact.objects.filter(pk__in=resting).select_for_update(of=("self",)).order_by("pk"))
    reason = _("The source “%(title)s” was corrected.") % {"title": source.title}
    for fact in facts:
        fact_remember(fact=fact, act=FactRevision.Act.SOURCE, reason=reason, actor=actor, source_was=was)
        fact.revision += 1
        fact.save(update_fields=["revision", "updated_at"])
    return len(facts)
