"""Correct a source, and mark the facts that cite it as changed."""

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.sources.models import Source
from apps.sources.services import source_save

from ..models import Fact, FactRevision
from .facts import fact_remember

#: the fields that footnotes are made of
CITED = ("form", "authors", "title", "publisher", "date", "year", "url", "other_url", "doi")


@transaction.atomic
def source_correct(*, source: Source, actor: User, seen: str, **values: object) -> tuple[Source, int]:
    """Save a source as `source_save` does. Returns it and how many facts have a new revision for a new footnote."""
    campaign = Campaign.objects.locked(source.campaign_id)  # as `fact_correct` locks: no deadlock
    before = Source.objects.get(pk=source.pk)
    saved = source_save(campaign=campaign, actor=actor, source=before, seen=seen, **values)
    cited = [(name, getattr(before, name), getattr(saved, name)) for name in CITED]
    was = [(name, old, new) for name, old, new in cited if old != new]
    return saved, facts_mark(source=saved, was=was, actor=actor) if was else 0


def facts_mark(*, source: Source, was: list[tuple[str, object, object]], actor: User | None) -> int:
    """Give every fact on the source a new revision, with what it `was`: [(field, before, after)]. Returns how many."""
    resting = Fact.objects.filter(Q(source=source) | Q(additional_sources=source)).values("pk")
    facts = list(Fact.objects.filter(pk__in=resting).select_for_update(of=("self",)).order_by("pk"))
    reason = _("The source “%(title)s” was corrected.") % {"title": source.title}
    for fact in facts:
        fact_remember(fact=fact, act=FactRevision.Act.SOURCE, reason=reason, actor=actor, source_was=was)
        fact.revision += 1
        fact.save(update_fields=["revision", "updated_at"])
    return len(facts)
