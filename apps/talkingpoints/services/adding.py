"""Adding facts: with their sources, in one act."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.core.audit import audit_record
from apps.core.errors import DomainError
from apps.core.types import JsonObject
from apps.sources.models import Source
from apps.sources.services import source_save

from ..models import Fact, TalkingPoint
from .fact_checks import check_fact, check_once
from .numbering import hold_campaign, next_place


@transaction.atomic
def fact_add(
    *,
    campaign: Campaign,
    actor: User,
    point: TalkingPoint | None,
    source: Source | None,
    further_sources: Iterable[Source] = (),
    new_source: JsonObject | None = None,
    **values: object,
) -> Fact:
    """A new fact in the last place under the point, or (None) in the context. `values`: statement, kind, figures,
    applies_to, locator, verification, caution.

    Its source is there already, or `new_source` has what `source_save` takes: then both are made, or neither. Letters
    cite facts by key, so the key never changes. Raises source_missing, the errors of `fact_checks`, and those
    of `source_save`.
    """
    hold_campaign(campaign.pk)
    if new_source is not None:
        source = source_save(campaign=campaign, actor=actor, **new_source)
    if source is None:
        raise DomainError(
            _("Choose the source, or describe a new one: every statement has one."),
            field="source",
            code="source_missing",
        )
    further = list(further_sources)
    fact = Fact(campaign=campaign, point=point, source=source, edited_at=timezone.now(), **values)
    check_fact(fact, further)
    check_once(fact)
    fact.key = _free_key(campaign, fact.statement)
    fact.position = next_place(campaign.pk, point)
    fact.save()
    fact.additional_sources.set(further)
    audit_record(
        verb="fact.add",
        subject=fact,
        actor=actor,
        point=point.number if point else None,
        source=fact.source.key,
        with_new_source=new_source is not None,
    )
    return fact


def _free_key(campaign: Campaign, statement: str) -> str:
    """ "fact-calls-carry-less-far", numbered where another fact has that. Not by the point's number: facts move, and
    somebody may be writing the next "tp03-f10" into the campaign's files at this moment."""
    stem = f"fact-{slugify(statement)[:30].strip('-_') or 'new'}"
    taken = set(Fact.objects.filter(campaign=campaign, key__startswith=stem).values_list("key", flat=True))
    number = 1
    while (key := stem if number == 1 else f"{stem}-{number}") in taken:
        number += 1
    return key
