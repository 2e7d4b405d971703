"""One coalition of an organisation becomes several; what was held back says so in its own fields."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F


def carry_coalitions(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    organisation = apps.get_model("coalitions", "Organisation")
    for row in organisation.objects.exclude(coalition=None):
        row.coalitions.add(row.coalition_id)


def carry_held_back(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Which organisation a renamed signature claims was told by its name alone."""
    organisation, sign_on = (apps.get_model("coalitions", name) for name in ("Organisation", "SignOn"))
    sign_on.objects.filter(state="held").update(moderation="waiting")
    renamed = sign_on.objects.filter(state="confirmed", kind="organisation", moderation="waiting")
    for row in renamed.exclude(name_key=F("organisation__name_key"), country=F("organisation__country")):
        claimed = organisation.objects.filter(campaign=row.campaign_id, country=row.country, name_key=row.name_key)
        sign_on.objects.filter(pk=row.pk).update(claimed_organisation=claimed.first())


class Migration(migrations.Migration):
    dependencies = [("coalitions", "0004_organisation_records")]
    operations = [
        migrations.RunPython(carry_coalitions, migrations.RunPython.noop),
        migrations.RemoveField(model_name="organisation", name="coalition"),
        migrations.RunPython(carry_held_back, migrations.RunPython.noop),
    ]
