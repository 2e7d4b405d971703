"""What the search of the team looks in: every name, not only public ones, and how names begin."""

import django.contrib.postgres.indexes
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0003_notices"),
        ("coalitions", "0018_partner_submissions"),
        ("letters", "0004_text_search"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="organisation",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass("name_key", "gin_trgm_ops"),
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Upper("name_english"), "gin_trgm_ops"
                ),
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Upper("acronym"), "gin_trgm_ops"
                ),
                name="coalitions_organisation_search",
            ),
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
                condition=models.Q(
                    ("moderation", "accepted"), ("state", "confirmed"), ("visibility", "public"), _negated=True
                ),
                name="coalitions_other_search",
            ),
        ),
        migrations.AddIndex(
            model_name="signon",
            index=models.Index(
                models.F("campaign"),
                django.contrib.postgres.indexes.OpClass("name_key", "varchar_pattern_ops"),
                models.F("id"),
                name="coalitions_name_beginnings",
            ),
        ),
    ]
