"""A load while somebody works on pages: it waits for them, keeps what they saved, and holds up no signature."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import connections, transaction
from django.utils import timezone

from apps.campaign_files.services import campaign_dump, campaign_load
from apps.campaigns.models import Campaign
from apps.letters.models import LetterTemplate
from apps.letters.services.templates import letter_template_archive, letter_template_edit
from apps.sources.models import Source
from apps.sources.services import source_check
from apps.talkingpoints.models import Fact, TalkingPoint
from apps.talkingpoints.services.facts import fact_fingerprint, fact_retire
from apps.talkingpoints.services.translations import translation_load, translation_save
from apps.talkingpoints.translation_status import original_hash
from tests.factories import add_team_member, make_user
from tests.factories.campaign_files import changed, write_folder
from tests.factories.processes import another_connection, wait_until, waiting_for_locks

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sea(folder: Path) -> SimpleNamespace:
    campaign_load(folder=folder)
    return SimpleNamespace(folder=folder, campaign=Campaign.objects.get(), ada=make_user("Ada Okoro"))


@contextmanager
def while_saving(act: Callable[[], object]) -> Iterator[Callable[[], object]]:
    """Yields a function that starts `act` on a connection of its own, and returns when it waits for a lock or has
    ended. It goes on once the transaction of the test has ended."""

    def run() -> None:
        try:
            act()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)

    def start() -> None:
        thread.start()
        wait_until(lambda: waiting_for_locks() or not thread.is_alive(), "the load to come to the row")

    yield start
    thread.join(30)


def test_a_fact_retired_during_a_load_stays_retired(sea: SimpleNamespace) -> None:
    write_folder(sea.folder, **changed("points.yaml", "Ships get louder.", "All ships get louder."))
    fact = Fact.objects.get(key="sea-f2")
    with while_saving(lambda: campaign_load(folder=sea.folder)) as start, transaction.atomic():
        fact_retire(fact=fact, actor=sea.ada, seen=fact_fingerprint(fact), reason="Wrong.")
        start()
    fact.refresh_from_db()
    assert fact.retired_at is not None
    assert fact.statement == "Ships get louder.", "it was edited here"


def test_a_source_checked_during_a_load_stays_checked(sea: SimpleNamespace) -> None:
    source = Source.objects.get(key="src-book")
    write_folder(sea.folder, **changed("sources.yaml", source.title, f"{source.title}, revised"))
    with while_saving(lambda: campaign_load(folder=sea.folder)) as start, transaction.atomic():
        source_check(source=source, actor=sea.ada, on=timezone.now().date())
        start()
    source.refresh_from_db()
    assert source.checked_on == timezone.now().date()


def test_a_translation_saved_during_a_load_is_kept(sea: SimpleNamespace) -> None:
    point = TalkingPoint.objects.get(number=1)
    words = {"title": "Du fichier", "claim": "Du fichier."}

    def load() -> None:
        with transaction.atomic():
            translation_load(point=TalkingPoint.objects.get(number=1), language="fr", words=words)

    load()
    words["title"] = "Du nouveau fichier"
    with while_saving(load) as start, transaction.atomic():
        translation_save(
            point=point, language="fr", actor=sea.ada, revision=1, original=original_hash(point, "fr"),
            title="Écrit ici", claim="Ceci.",
        )  # fmt: skip
        start()
    row = point.translations.get(language="fr")
    assert (row.title, row.writers) == ("Écrit ici", [sea.ada.pk])


def test_rows_of_the_campaign_are_inserted_while_it_is_locked(sea: SimpleNamespace) -> None:
    with transaction.atomic(), another_connection() as other, other.cursor() as cursor:
        Campaign.objects.locked(sea.campaign.pk)
        cursor.execute("SET lock_timeout = '2s'")
        cursor.execute(
            "INSERT INTO campaigns_teammember (campaign_id, user_id, roles, state, created_at, updated_at) "
            "VALUES (%s, %s, '{observer}', 'active', now(), now())",
            [sea.campaign.pk, sea.ada.pk],
        )
        assert cursor.rowcount == 1


def test_a_template_described_here_stays_until_the_files_say_the_same(sea: SimpleNamespace, tmp_path: Path) -> None:
    template = LetterTemplate.objects.get()
    add_team_member(sea.ada, sea.campaign, "coordinator")
    letter_template_edit(template=template, actor=sea.ada, title="Hear the whales", description="For all.")
    letter_template_archive(template=template, actor=sea.ada)
    report = "\n".join(campaign_load(folder=sea.folder).lines())
    assert "corrected in the product" in report
    assert "base.en (title, description, archived)" in report
    template.refresh_from_db()
    assert (template.title, template.archived) == ("Hear the whales", True)
    campaign_dump(slug=sea.campaign.slug, folder=tmp_path / "out")
    written = (tmp_path / "out" / "templates" / "base.en.yaml").read_text()
    assert "archived: true" in written
    campaign_load(folder=tmp_path / "out")
    template.refresh_from_db()
    assert (template.title, template.archived, template.edited_at) == ("Hear the whales", True, None)
