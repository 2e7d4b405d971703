"""Letters put aside, the text of the template that a letter began from, templates written here, translated blocks."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("letters", "0004_text_search"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField(
            "letter",
            "archived_at",
            models.DateTimeField(blank=True, help_text="put aside: not written in, not in lists", null=True),
        ),
        migrations.AddField(
            "letter",
            "template_text",
            models.JSONField(help_text="{language, subject, body} of the template as it was then", null=True),
        ),
        migrations.AddField(
            "lettertemplate",
            "archived",
            models.BooleanField(default=False, help_text="no letter begins from it any more"),
        ),
        migrations.AddField(
            "lettertemplate",
            "edited_at",
            models.DateTimeField(blank=True, help_text="written here, not in the campaign's files", null=True),
        ),
        migrations.AddField(
            "lettertemplate",
            "from_letter",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="letters.letter",
            ),
        ),
        migrations.CreateModel(
            "TranslatedBlock",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("original_block", models.CharField(max_length=9)),
                ("own_block", models.CharField(max_length=9)),
                ("words", models.TextField()),
                ("said_at", models.DateTimeField()),
                (
                    "said_by",
                    models.ForeignKey(
                        help_text="empty where the text began like this",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "text",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="translated_blocks",
                        to="letters.lettertext",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("text", "original_block"), name="letters_translated_block_once")
                ],
            },
        ),
    ]
