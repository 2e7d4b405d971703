"""The key of a name contains what its other spellings do: searching it alone halves the index."""

import django.contrib.postgres.indexes
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0002_campaign_translations"),
        ("coalitions", "0007_call_details"),
        ("letters", "0002_guards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="signon",
            name="coalitions_public_search",
        ),
        migrations.AddIndex(
            model_name="signon",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Upper("name_key"), "gin_trgm_ops"
                ),
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Upper("org_name_english"), "gin_trgm_ops"
                ),
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Upper("org_acronym"), "gin_trgm_ops"
                ),
                condition=models.Q(("moderation", "accepted"), ("state", "confirmed"), ("visibility", "public")),
                name="coalitions_public_search",
            ),
        ),
    ]
