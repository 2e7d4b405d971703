import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("coalitions", "0008_shorter_search_index")]

    operations = [
        migrations.AddField(
            model_name="signoncall",
            name="embed_origins",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=300),
                default=list,
                help_text="sites that may embed it",
                size=None,
            ),
        )
    ]
