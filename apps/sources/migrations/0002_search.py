"""What a search looks in: the database folds, whoever writes."""

from django.contrib.postgres.operations import TrigramExtension, UnaccentExtension
from django.db import migrations

from apps.sources.search_triggers import keep_folded, make_fold


class Migration(migrations.Migration):
    dependencies = [("sources", "0001_initial")]
    operations = [
        TrigramExtension(),
        UnaccentExtension(),
        make_fold(),
        keep_folded("sources_source", "title", "publisher", "key", "doi", lists=("authors",)),
    ]
