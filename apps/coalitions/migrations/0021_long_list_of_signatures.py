"""The order and the numbers of the list of signatures, from indexes alone."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0007_tracking_scope"),
        ("coalitions", "0020_petition_files"),
        ("letters", "0004_text_search"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="signon",
            index=models.Index(fields=["campaign", "-created_at", "-id"], name="coalitions_newest_sign_ons"),
        ),
        migrations.AddIndex(
            model_name="signon",
            index=models.Index(fields=["campaign", "call", "state", "moderation", "version"], name="coalitions_states"),
        ),
    ]
