from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("letters", "0012_version_changes"),
    ]

    operations = [
        migrations.AddField(
            model_name="comment",
            name="idempotency_key",
            field=models.UUIDField(
                editable=False,
                help_text="of the form it was written in, with its words: sent again, it is the same",
                null=True,
            ),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("idempotency_key__isnull", False)),
                fields=("text", "author", "guest", "idempotency_key"),
                name="letters_comment_sent_once",
                nulls_distinct=False,
            ),
        ),
    ]
