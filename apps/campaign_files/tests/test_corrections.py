"""What was corrected, written or reviewed in the product stays when the files are loaded again; the report names it."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from apps.campaign_files.services import campaign_load
from apps.campaigns.models import Campaign
from apps.sources.models import Source
from apps.sources.services import source_fingerprint, source_save
from apps.talkingpoints.models import Fact, TalkingPoint
from apps.talkingpoints.pages.fact_history import fact_history
from apps.talkingpoints.services.facts import fact_correct, fact_fingerprint, fact_retire
from apps.talkingpoints.services.translations import translation_save
from apps.talkingpoints.translation_status import original_hash
from tests.factories import make_user
from tests.factories.campaign_files import FILES, changed, write_folder

pytestmark = pytest.mark.django_db
LOUDER, LARGE = "Ships get louder.", "Large ships get louder."


@pytest.fixture
def sea(folder: Path) -> SimpleNamespace:
    """The small campaign, loaded, and somebody who corrects it."""
    campaign_load(folder=folder)
    return SimpleNamespace(folder=folder, campaign=Campaign.objects.get(), ada=make_user("Ada Okoro"))


def load(sea: SimpleNamespace) -> list[str]:
    return campaign_load(folder=sea.folder).lines()


def correct(sea: SimpleNamespace, **values: str) -> None:
    fact = Fact.objects.get(key="sea-f2")
    fact_correct(fact=fact, actor=sea.ada, seen=fact_fingerprint(fact), reason="Only these do.", **values)


def test_a_correction_stays_and_is_named_until_the_files_say_the_same(sea: SimpleNamespace) -> None:
    correct(sea, statement=LARGE)
    named = "kept as corrected in the product, different in the files: 1 fact: sea-f2 (statement)"
    assert load(sea) == [named, "sea2031: 0 created, 0 changed"]
    assert named in load(sea)
    assert Fact.objects.get(key="sea-f2").statement == LARGE
    write_folder(sea.folder, **changed("points.yaml", LOUDER, LARGE))
    assert load(sea) == ["sea2031: 0 created, 0 changed"]
    write_folder(sea.folder, **changed("points.yaml", LOUDER, "All ships get louder."))
    assert "changed 1 fact: sea-f2 (statement)" in load(sea), "it follows its file again"


def test_a_corrected_fact_still_moves_with_its_file(sea: SimpleNamespace) -> None:
    correct(sea, statement=LARGE)
    text = FILES["points.yaml"]
    start, end = text.index("      - id: sea-f1"), text.index("      - id: sea-f2")
    first, rest = text[start:end], text[end:]
    stop = rest.index("  - number: 2")
    write_folder(sea.folder, **{"points.yaml": text[:start] + rest[:stop] + first + rest[stop:]})
    load(sea)
    fact = Fact.objects.get(key="sea-f2")
    assert (fact.position, fact.statement) == (1, LARGE)


def test_a_fact_retired_in_the_product_stays_retired(sea: SimpleNamespace) -> None:
    fact = Fact.objects.get(key="sea-c1")
    fact_retire(fact=fact, actor=sea.ada, seen=fact_fingerprint(fact), reason="Beside the point.")
    assert "kept as corrected in the product, different in the files: 1 fact: sea-c1 (retired_at)" in load(sea)
    assert Fact.objects.get(key="sea-c1").retired_at is not None


def test_a_corrected_fact_that_left_the_files_is_not_retired(sea: SimpleNamespace) -> None:
    correct(sea, statement=LARGE)
    text = FILES["points.yaml"]
    start, end = text.index("      - id: sea-f2"), text.index("  - number: 2")
    write_folder(sea.folder, **{"points.yaml": text[:start] + text[end:]})
    assert "kept as corrected in the product, different in the files: 1 fact: sea-f2 (retired_at)" in load(sea)
    assert Fact.objects.get(key="sea-f2").retired_at is None


def test_a_load_leaves_a_line_in_the_facts_history(sea: SimpleNamespace) -> None:
    write_folder(sea.folder, **changed("points.yaml", LOUDER, LARGE))
    load(sea)
    (line,) = fact_history(Fact.objects.get(key="sea-f2"))
    assert (line.act, line.by, line.differences[0][1:]) == ("Changed by the campaign’s files", "", (LOUDER, LARGE))


def test_a_corrected_source_stays_as_well(sea: SimpleNamespace) -> None:
    source = Source.objects.get(key="src-book")
    source_save(
        campaign=sea.campaign, actor=sea.ada, source=source, seen=source_fingerprint(source), title="The Noisy Ocean"
    )
    assert "kept as corrected in the product, different in the files: 1 source: src-book (title)" in load(sea)
    assert Source.objects.get(key="src-book").title == "The Noisy Ocean"


def test_titles_of_the_files_come_as_drafts_and_leave_alone_what_was_written_here(sea: SimpleNamespace) -> None:
    title = "short_title: Quiet is cheap"
    write_folder(sea.folder, **changed("points.yaml", title, f"{title}\n    short_title_fr: Le calme coûte peu"))
    assert "changed 1 point: 2 (short_title_fr)" in load(sea)
    assert load(sea) == ["sea2031: 0 created, 0 changed"]
    point = TalkingPoint.objects.get(number=2)
    translation_save(
        point=point, language="fr", actor=sea.ada, revision=1, original=original_hash(point, "fr"), title="Le silence"
    )
    write_folder(sea.folder, **changed("points.yaml", title, f"{title}\n    short_title_fr: Autre chose"))
    assert load(sea) == ["sea2031: 0 created, 0 changed"]
    assert TalkingPoint.objects.get(number=2).titles == {"fr": "Le silence"}
