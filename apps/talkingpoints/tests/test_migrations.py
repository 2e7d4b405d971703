"""Titles that were kept with the points become drafts of translations, and nothing is searched in vain."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from apps.talkingpoints.models import TalkingPoint
from apps.talkingpoints.search.query import Filters, library_search
from apps.talkingpoints.search.terms import words_of
from apps.talkingpoints.snapshots import original_hash

pytestmark = pytest.mark.django_db(transaction=True)


def test_titles_become_drafts_made_from_the_point_as_it_is() -> None:
    executor = MigrationExecutor(connection)
    latest = executor.loader.graph.leaf_nodes()
    executor.migrate([("talkingpoints", "0001_initial")])
    try:
        old = MigrationExecutor(connection).loader.project_state([("talkingpoints", "0001_initial")]).apps
        campaign = old.get_model("campaigns", "Campaign").objects.create(
            slug="sea", starts_on="2031-05-05", ends_on="2031-05-09"
        )
        old.get_model("talkingpoints", "TalkingPoint").objects.create(
            campaign=campaign, number=1, slug="s", title="Équité", claim="Claim.", titles={"fr": "Justice"}
        )
    finally:
        MigrationExecutor(connection).migrate(latest)
    point = TalkingPoint.objects.get()
    row = point.translations.get()
    assert (row.language, row.title, row.written_at) == ("fr", "Justice", None)
    assert row.source_hash == original_hash(point, "fr")
    assert library_search(point.campaign, words_of("equite"), Filters()).points == [point]
