"""Whose names are checked, embargo, languages and fields of a call, its changed closing times; addenda; consents."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from apps.core.migration_operations import insert_only


def moderation_set(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    calls = apps.get_model("coalitions", "SignOnCall")._default_manager
    calls.filter(moderated=False).update(moderation="none")


def moderated_set(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    calls = apps.get_model("coalitions", "SignOnCall")._default_manager
    calls.filter(moderation="none").update(moderated=False)


class Migration(migrations.Migration):
    dependencies = [("coalitions", "0006_signatory_counts")]
    operations = [
        migrations.AddField(
            "signoncall",
            "moderation",
            models.CharField(
                choices=[("all", "All"), ("free_mail", "Free Mail"), ("none", "None")], default="all", max_length=10
            ),
        ),
        migrations.RunPython(moderation_set, moderated_set),
        migrations.RemoveField("signoncall", "moderated"),
        migrations.AddField("signoncall", "embargo_until", models.DateTimeField(blank=True, null=True)),
        migrations.AddField(
            "signoncall",
            "languages",
            ArrayField(models.CharField(max_length=10), default=list, help_text="offered texts; empty: all"),
        ),
        migrations.AddField(
            "signoncall",
            "unasked_fields",
            ArrayField(models.CharField(max_length=40), default=list, help_text="optional fields left out"),
        ),
        migrations.AddConstraint(
            "signoncall",
            models.CheckConstraint(
                condition=models.Q(embargo_until__isnull=True) | models.Q(embargo_until__lt=models.F("closes_at")),
                name="coalitions_call_embargo",
            ),
        ),
        migrations.AddConstraint(
            "signoncall",
            models.CheckConstraint(
                condition=models.Q(moderation__in=["all", "free_mail", "none"]), name="coalitions_call_moderation"
            ),
        ),
        migrations.CreateModel(
            "CallChange",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("extended", "Extended"),
                            ("shortened", "Shortened"),
                            ("closed", "Closed"),
                            ("reopened", "Reopened"),
                        ],
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("closed_before", models.DateTimeField(help_text="when signing was to end, or had ended")),
                ("closes_after", models.DateTimeField()),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="coalitions.signoncall"
                    ),
                ),
            ],
            {"ordering": ["id"]},
        ),
        insert_only("coalitions_callchange"),
        migrations.AddField(
            "annex",
            "supplements",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="addenda", to="coalitions.annex"
            ),
        ),
        migrations.AddField(
            "signon",
            "consents",
            models.JSONField(
                blank=True,
                default=list,
                help_text="[{field, wording, sentence, language, given_at, withdrawn_at}], as ticked",
            ),
        ),
    ]
