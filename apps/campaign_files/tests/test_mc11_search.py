"""The search over the shipped library: typing errors of its own words, names of those concerned, numbers of facts."""

import random
import re
import string
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from apps.campaign_files.services import campaign_load
from apps.campaigns.models import Campaign
from apps.talkingpoints.models import Fact
from apps.talkingpoints.search.filters import Filters
from apps.talkingpoints.search.query import SearchResults, evidence_search
from apps.talkingpoints.search.terms import parse_query
from apps.talkingpoints.selectors import facts_of
from tests.factories.campaign_files import MC11

ERRORS = 200


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The files are loaded once and the tests look at them; nothing stays."""
    with django_db_blocker.unblock(), transaction.atomic():
        campaign_load(folder=MC11)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def campaign(loaded: None, db: None) -> Campaign:
    return Campaign.objects.get()


def search(campaign: Campaign, query: str) -> SearchResults:
    return evidence_search(campaign, parse_query(query), Filters())


def mistyped(word: str, error: str, chance: random.Random) -> str:
    """The word with one error of a kind, anywhere in it."""
    place = chance.randrange(len(word) - 1)
    before, sign, after = word[:place], word[place], word[place + 1 :]
    return {
        "swap": before + after[0] + sign + after[1:],
        "drop": before + after,
        "double": before + sign * 2 + after,
        "replace": before + chance.choice(string.ascii_lowercase) + after,
    }[error]


def errors(campaign: Campaign) -> list[tuple[Fact, str, str]]:
    """(fact, word of its statement, the word mistyped), always the same ones, all kinds of errors alike."""
    chance = random.Random(11)  # the same errors every time
    pairs = sorted(
        {(fact.pk, word) for fact in facts_of(campaign) for word in re.findall(r"[a-z]{4,}", fact.statement.lower())}
    )
    facts = {fact.pk: fact for fact in facts_of(campaign)}
    kinds = ["swap", "drop", "double", "replace"] * (ERRORS // 4)
    return [
        (facts[pk], word, mistyped(word, kind, chance))
        for (pk, word), kind in zip(chance.sample(pairs, ERRORS), kinds, strict=True)
    ]


def test_a_word_with_one_wrong_letter_still_finds_the_fact_it_came_from(campaign: Campaign) -> None:
    lost = [
        (fact.key, word, typed) for fact, word, typed in errors(campaign) if fact not in search(campaign, typed).facts
    ]
    assert len(lost) <= ERRORS * 0.03, lost


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Wold", "World"), ("Wold Bank", "World Bank"), ("Amzaon", "Amazon"), ("pirvacy", "privacy"),
        ("famrers", "farmers"), ("povrety", "poverty"), ("Inia", "India"), ("tade", "trade"), ("ruels", "rules"),
        ("tarrif", "tariff"), ("privacité", "privacy"), ("ecommerce", "e-commerce"),
    ],
)  # fmt: skip
def test_slips_of_everyday_typing(campaign: Campaign, typed: str, meant: str) -> None:
    wanted = {fact.key for fact in search(campaign, meant).facts}
    found = [fact.key for fact in search(campaign, typed).facts]
    assert wanted
    assert len(wanted & set(found)) >= 0.9 * min(len(wanted), 100)


@pytest.mark.parametrize("typed", ["qwertzu", "blorfgh", "xyzzyx", "zzzz", "mxqpvb", "2039", "12.99", "context 899"])
def test_nonsense_finds_nothing(campaign: Campaign, typed: str) -> None:
    assert len(search(campaign, typed)) == 0


def test_whom_a_fact_concerns_and_its_number_are_found(campaign: Campaign) -> None:
    for name, code in (("Kenya", "KE"), ("Kénya", "KE"), ("Mercosur", "mercosur"), ("Argentine", "AR")):
        found = search(campaign, name)
        assert {fact.key for fact in facts_of(campaign) if code in fact.applies_to} <= {f.key for f in found.facts}
        assert len(found) > 0, name
    assert search(campaign, "3.1").facts[0].number == "3.1"
    assert search(campaign, "Context 16").facts[0].number == "Context 16"
