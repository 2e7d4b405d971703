"""What is frozen is written once: the database itself refuses to change or delete it."""

from django.db import migrations

from apps.core.migration_operations import insert_only


class Migration(migrations.Migration):
    dependencies = [("coalitions", "0001_initial"), ("core", "0002_guards")]
    operations = [
        insert_only("coalitions_signonversion"),
        insert_only("coalitions_annex"),
        insert_only("coalitions_annexentry"),
    ]
