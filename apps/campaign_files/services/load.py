"""Loading a campaign from its folder: all or nothing."""

from pathlib import Path

from django.db import connection, transaction

from apps.campaigns.models import Campaign
from apps.core.audit import audit_record

from ..consistency_checks import check_consistency
from ..faults import Faults
from ..file_types import campaign as campaign_file
from ..folder_reader import CampaignFiles, read_folder
from ..selectors import stored_names
from .load_result import Changes, LoadResult
from .sync.campaign_content import content_sync
from .sync.members_and_groups import shared_sync
from .sync.rows import row_change

LOCK = 0x6C6F6164


def campaign_load(*, folder: Path, dry_run: bool = False) -> LoadResult:
    """Update the database from the files of a folder, in one transaction, and say what changed. `dry_run` does the same
    and rolls back. Raises InvalidFiles with every fault that was found; then nothing changed."""
    faults = Faults()
    files = read_folder(folder, faults)
    if files is None:
        faults.raise_if_any()
        raise AssertionError("a folder without a campaign is a fault")
    with transaction.atomic():
        wait_for_turn()
        check_consistency(files, stored_names(files.campaign["slug"]), faults)
        faults.raise_if_any()
        result = _write(files, faults, dry_run)
        faults.raise_if_any()
        with connection.cursor() as cursor:  # so that a dry run checks deferred constraints too
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        transaction.set_rollback(dry_run)
    return result


def wait_for_turn() -> None:
    """Until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _write(files: CampaignFiles, faults: Faults, dry_run: bool) -> LoadResult:
    result = LoadResult(files.campaign["slug"], dry_run, missing_files=files.missing_files)
    campaign, changes = _campaign_sync(files)
    result.kinds.append(changes)
    result.kinds += shared_sync(files=files, faults=faults)
    result.kinds += content_sync(campaign=campaign, files=files, faults=faults)
    if result.created or result.changed:
        counts = {changes.kind: len(changes.created) + len(changes.changed) for changes in result.kinds}
        audit_record(verb="campaign.load", subject=campaign, campaign_id=campaign.pk, rows=counts)
    return result


def _campaign_sync(files: CampaignFiles) -> tuple[Campaign, Changes]:
    values = campaign_file.values(files.campaign)
    changes = Changes("campaigns", campaign_file.FILE)
    campaign = Campaign.objects.select_for_update(no_key=True).filter(slug=values["slug"]).first()
    if campaign is None:
        campaign = Campaign.objects.create(**values)
        changes.created.append(campaign.slug)
    else:
        changes.change(campaign.slug, row_change(campaign, campaign_file.moved(values, campaign.moved_days)))
    return campaign, changes
