"""A fact's history is insert-only; what a search looks in is folded by the database."""

from django.db import migrations

from apps.core.migration_operations import insert_only
from apps.sources.search_triggers import keep_folded


class Migration(migrations.Migration):
    dependencies = [("talkingpoints", "0001_initial"), ("sources", "0002_search"), ("core", "0002_guards")]
    operations = [
        insert_only("talkingpoints_factrevision"),
        keep_folded("talkingpoints_talkingpoint", "title", "claim", "slug", lists=("topics",)),
        keep_folded("talkingpoints_pointtranslation", "title", "claim", "passage"),
        keep_folded("talkingpoints_fact", "statement", "key", "caution", lists=("applies_to",)),
    ]
