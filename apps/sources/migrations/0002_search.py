"""What a search looks in, and which sources were corrected here."""

from django.contrib.postgres.operations import TrigramExtension, UnaccentExtension
from django.db import migrations, models

from apps.sources.search_triggers import keep_folded, make_fold


class Migration(migrations.Migration):
    dependencies = [("sources", "0001_initial")]

    operations = [
        TrigramExtension(),
        UnaccentExtension(),
        make_fold(),
        migrations.AddField(
            model_name="source",
            name="edited_at",
            field=models.DateTimeField(blank=True, help_text="corrected here, not in the campaign's files", null=True),
        ),
        migrations.AddField(
            model_name="source",
            name="search",
            field=models.TextField(
                default="", editable=False, help_text="folded words to look for; the database writes it"
            ),
        ),
        keep_folded("sources_source", "title", "publisher", "key", "doi", lists=("authors",)),
    ]
