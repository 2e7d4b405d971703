"""Exports get a purpose, a reason, states and, if they are large, a file. Records from before are kept."""

from django.conf import settings
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0003_notices"),
        ("exports", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.RenameModel("ExportRecord", "Export"),
        migrations.RenameField("export", "kind", "dataset"),
        migrations.RenameField("export", "audience", "purpose"),
        migrations.RenameField("export", "made_by", "asked_by"),
        migrations.RenameField("export", "made_at", "created_at"),
        migrations.RunSQL("UPDATE exports_export SET purpose = 'internal' WHERE purpose = 'team'", ""),
    ]
