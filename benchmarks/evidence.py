"""The search of facts that ignores accents and finds words with typos, beside one that forgives nothing."""

from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

from django.conf import settings

from apps.campaign_files.services import campaign_load
from apps.campaigns.models import Campaign
from apps.sources.models import Source
from apps.talkingpoints.models import Fact
from apps.talkingpoints.search.filters import Filters
from apps.talkingpoints.search.query import evidence_search
from apps.talkingpoints.search.terms import parse_query

from .measuring import Line, compare

NEEDS_DATABASE = True
FACTS = 2_000
QUESTIONS = ("data localisation", "souce code", "développement", "3.1", "customs duties africa")


def run() -> Iterator[Line]:
    """The shipped campaign with as many facts again as a large one has."""
    campaign_load(folder=Path(settings.BASE_DIR) / "data" / "mc11")
    campaign = Campaign.objects.get()
    source = Source.objects.filter(campaign=campaign).first()
    statements = list(Fact.objects.values_list("statement", flat=True))
    Fact.objects.bulk_create(
        Fact(
            campaign=campaign, key=f"more-{number}", kind="claim", verification="verified", source=source,
            statement=f"{statements[number % len(statements)]} ({number})",
        )
        for number in range(FACTS)
    )  # fmt: skip
    asked, plain = cycle(QUESTIONS), cycle(QUESTIONS)
    yield compare(
        "evidence.search",
        goal=0.10,
        work=lambda: list(evidence_search(campaign, parse_query(next(asked)), Filters()).facts[:20]),
        floor=lambda: list(Fact.objects.filter(campaign=campaign, statement__icontains=next(plain))[:20]),
    )
