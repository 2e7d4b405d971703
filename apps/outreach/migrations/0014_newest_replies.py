"""The newest answers of a campaign, for the search."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0003_notices"),
        ("governments", "0002_time_zones"),
        ("outreach", "0013_touch_at"),
        ("postbox", "0010_domain_limit_of_a_mailing"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="reply",
            index=models.Index(fields=["campaign", "-received_at", "-id"], name="outreach_newest_replies"),
        ),
    ]
