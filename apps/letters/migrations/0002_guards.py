"""What is frozen is written once: the database itself refuses to change or delete it."""

from django.db import migrations

from apps.core.migration_operations import insert_only


class Migration(migrations.Migration):
    dependencies = [("letters", "0001_initial"), ("core", "0002_guards")]
    operations = [
        insert_only("letters_letterversion"),
        insert_only("letters_edition"),
        insert_only("letters_approval"),
        insert_only("letters_textrevision"),
    ]
