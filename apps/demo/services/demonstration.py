"""Filling a demo database with the living campaign, and putting it back. Nowhere else: see `demo_check`."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from psycopg.errors import DeadlockDetected

from apps.accounts.models import DemoMark
from apps.accounts.services import demo_mark
from apps.campaign_files.services import campaign_load, demo_load
from apps.campaigns.models import Campaign
from apps.core.audit import audit_record
from apps.core.errors import Conflict
from apps.core.page_cache import pages_drop
from apps.exports.models import Export
from apps.exports.services.files import stored_file_delete

from ..file_types import StoryFiles, read_story
from .answer_story import answers_tell
from .letter_story import letters_tell
from .set_clock import clock_set
from .signing_story import signatories_tell
from .story import Story

#: before the first act of the story, the campaign's files are loaded
BEFORE_ALL = timedelta(days=60)
#: what migrations write, and the mark
KEPT = {"django_migrations", "django_content_type", "auth_permission", DemoMark._meta.db_table}


class NotADemo(Conflict):
    default_message = _("This is not a demonstration. Nothing was changed.")


class DemoInUse(Conflict):
    default_message = _("This database has a campaign already. Start over to put the demonstration back.")


def demonstration_load(*, folder: Path) -> Campaign:
    """Load the campaign of `folder`, and what happened in it, into an empty database and mark that as a demo's; all or
    nothing. Raises NotADemo, DatabaseInUse, DemoInUse, InvalidFiles."""
    story = read_story(folder / "demo")
    with _one_transaction():
        demo_check(marked=False)
        demo_mark()
        if Campaign.objects.exists():
            raise DemoInUse
        return _fill(folder, story)


def demonstration_start_over(*, folder: Path) -> Campaign:
    """Delete everything in a database with the mark, everybody's sessions too, and load it again with dates around
    today; all or nothing. Numbers of rows go on, so that an old session, link or task finds nothing. Workers wait
    until it is done. Raises NotADemo, InvalidFiles."""
    story = read_story(folder / "demo")
    for last in (False, False, True):
        try:
            with _one_transaction():
                demo_check()
                for export in Export.objects.exclude(stored_as=""):
                    stored_file_delete(export)
                _tables_empty()
                return _fill(folder, story)
        except OperationalError as error:
            if last or not isinstance(error.__cause__, DeadlockDetected):
                raise  # a worker had a table that this waited for, and waited for one of ours: once more
    raise AssertionError("the last attempt returns or raises")


def demo_check(*, marked: bool = True) -> None:
    """Raises NotADemo unless this runs as a demo, no mail can leave, and the database has the mark."""
    if not settings.DEMO or settings.POSTBOX["MODE"] != "sink" or (marked and not DemoMark.objects.exists()):
        raise NotADemo


@contextmanager
def _one_transaction() -> Iterator[None]:
    """Steps of sending insist on transactions of their own, since no mail may leave by a step that could be rolled
    back. Here none leaves. Django lets such a step be a savepoint where the block around it is marked like this, as its
    own tests do."""
    block = transaction.atomic()
    vars(block)["_from_testcase"] = True
    with block:
        yield


def _tables_empty() -> None:
    """Also those that refuse it: their triggers rest until they are empty."""
    with connection.cursor() as cursor:
        tables = sorted(set(connection.introspection.table_names(cursor)) - KEPT)
        names = ", ".join(map(connection.ops.quote_name, tables))
        cursor.execute(f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what is still to be checked would forbid emptying
        cursor.execute(
            "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal AND tgtype & 32 <> 0"
        )
        guarded = [table for (table,) in cursor.fetchall()]
        for table in guarded:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(f"TRUNCATE {names}")
        for table in guarded:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _fill(folder: Path, files: StoryFiles) -> Campaign:
    now = timezone.now()
    with clock_set(now - BEFORE_ALL) as clock:
        slug = campaign_load(folder=folder).campaign
        campaign = Campaign.objects.get(slug=slug)
        _move(campaign, (now.date() + timedelta(days=files.letters["conference_in_days"]) - campaign.starts_on).days)
        demo_load(folder=folder / "demo")
        campaign.refresh_from_db()
        story = Story(campaign, clock, now)
        letters_tell(story=story, letters=files.letters["letters"])
        signatories_tell(story=story, signatories=files.signatories)
        answers_tell(story=story, mails=files.answers["mails"])
        story.play()
    pages_drop()
    return campaign


def _move(campaign: Campaign, days: int) -> None:
    campaign.moved_days = days
    campaign.starts_on += timedelta(days=days)
    campaign.ends_on += timedelta(days=days)
    campaign.save(update_fields=["moved_days", "starts_on", "ends_on", "updated_at"])
    audit_record(verb="demo.move", subject=campaign, campaign_id=campaign.pk, days=days)
