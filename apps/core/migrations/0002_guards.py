"""The audit trail is written once."""

from django.db import migrations

from apps.core.migration_operations import insert_only


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    operations = [insert_only("core_auditevent")]
