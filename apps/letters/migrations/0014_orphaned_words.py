from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("letters", "0013_comments_sent_once"),
    ]

    operations = [
        migrations.AddField(
            model_name="textupdate",
            name="orphans",
            field=models.JSONField(null=True),
        ),
        migrations.AddIndex(
            model_name="textupdate",
            index=models.Index(
                condition=models.Q(("orphans__isnull", False)),
                fields=["text", "client"],
                name="letters_update_orphans",
            ),
        ),
    ]
