"""Points written on pages are told from those of the files; a fact's history knows that its source was corrected."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("talkingpoints", "0004_titles_gone")]

    operations = [
        migrations.AddField(
            model_name="talkingpoint",
            name="edited_at",
            field=models.DateTimeField(blank=True, help_text="written here, not in the campaign's files", null=True),
        ),
        migrations.AlterField(
            model_name="factrevision",
            name="act",
            field=models.CharField(
                choices=[
                    ("correct", "Corrected"),
                    ("retire", "Retired"),
                    ("restore", "Restored"),
                    ("load", "Changed by the campaign’s files"),
                    ("source", "Its source was corrected"),
                ],
                max_length=8,
            ),
        ),
    ]
