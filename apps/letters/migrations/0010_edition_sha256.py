"""Editions are found by the beginning of their fingerprint."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("letters", "0009_text_updates")]
    operations = [
        migrations.AddIndex("edition", models.Index(fields=["sha256"], name="letters_edition_sha256")),
    ]
