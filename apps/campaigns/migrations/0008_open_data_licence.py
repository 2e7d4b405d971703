from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0007_tracking_scope"),
    ]

    operations = [
        migrations.AddField(
            model_name="campaign",
            name="open_data_licence",
            field=models.CharField(
                default="none",
                help_text="of the files that everybody may read: a key of LICENCES, or none",
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=Q(("open_data_licence__in", ["CC0-1.0", "CC-BY-4.0", "CC-BY-SA-4.0", "ODbL-1.0", "none"])),
                name="campaigns_campaign_open_data_licence",
            ),
        ),
    ]
