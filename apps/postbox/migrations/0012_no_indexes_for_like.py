"""Without the indexes for LIKE that Django adds to indexed texts: each claim of a mail wrote into both."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("postbox", "0011_answers_by_day"),
    ]

    operations = [
        migrations.AlterField(
            model_name="message",
            name="message_id",
            field=models.CharField(help_text="fixed when the row is made, with <>", max_length=200),
        ),
        migrations.AlterField(
            model_name="message",
            name="to_hash",
            field=models.CharField(max_length=64),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["to_hash"], name="postbox_message_to_hash"),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.UniqueConstraint(fields=("message_id",), name="postbox_message_message_id"),
        ),
    ]
