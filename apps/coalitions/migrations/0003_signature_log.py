"""The log of signatures. Entries get their place in the log once; nothing else of it ever changes."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from apps.core.migration_operations import insert_only


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0001_initial"),
        ("coalitions", "0002_guards"),
        ("core", "0002_guards"),
    ]

    operations = [
        migrations.CreateModel(
            name="SignatureLogEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sign_on_id", models.BigIntegerField(db_index=True)),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("confirm", "Confirm"),
                            ("correct", "Correct"),
                            ("accept", "Accept"),
                            ("reject", "Reject"),
                            ("withdraw", "Withdraw"),
                            ("erase", "Erase"),
                        ],
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("state", models.CharField(help_text="of the signature after the act", max_length=10)),
                ("row_salt", models.CharField(help_text="hides the id and the state in the leaf", max_length=32)),
                (
                    "commitment",
                    models.CharField(help_text="sha256 of the signature's salt and its statement", max_length=64),
                ),
                ("sequence", models.PositiveBigIntegerField(help_text="1, 2, 3 … in the campaign", null=True)),
                ("numbered_at", models.DateTimeField(null=True)),
                (
                    "subtrees",
                    models.BinaryField(help_text="hashes of the full subtrees that end here, its own first", null=True),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="campaigns.campaign",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("sequence__isnull", True)),
                        fields=["id"],
                        name="coalitions_log_not_numbered",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("campaign", "sequence"), name="coalitions_log_sequence"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("numbered_at__isnull", True), ("sequence__isnull", True), ("subtrees__isnull", True)
                            ),
                            models.Q(("numbered_at__isnull", False), ("sequence__gt", 0), ("subtrees__isnull", False)),
                            _connector="OR",
                        ),
                        name="coalitions_log_numbered",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SignatureLogHead",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("size", models.PositiveBigIntegerField(help_text="entries up to then")),
                ("root", models.CharField(max_length=64)),
                ("published_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "campaign",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="campaigns.campaign",
                    ),
                ),
            ],
            options={
                "ordering": ["-day"],
                "constraints": [models.UniqueConstraint(fields=("campaign", "day"), name="coalitions_log_head_once")],
            },
        ),
        insert_only("coalitions_signaturelogentry", set_once=("sequence", "numbered_at", "subtrees")),
        insert_only("coalitions_signatureloghead"),
    ]
