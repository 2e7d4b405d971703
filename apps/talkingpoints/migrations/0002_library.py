"""Search, the history of facts, translations of points, audiences by stance."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from apps.core.migration_operations import insert_only
from apps.sources.search_triggers import keep_folded


class Migration(migrations.Migration):
    dependencies = [
        ("talkingpoints", "0001_initial"),
        ("sources", "0002_search"),
        ("core", "0002_guards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="audience",
            name="stances",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=80), blank=True, default=list
            ),
        ),
        migrations.AddField(
            model_name="fact",
            name="edited_at",
            field=models.DateTimeField(blank=True, help_text="corrected here, not in the campaign's files", null=True),
        ),
        migrations.AddField(
            model_name="fact",
            name="search",
            field=models.TextField(
                default="", editable=False, help_text="folded words to look for; the database writes it"
            ),
        ),
        migrations.AddField(
            model_name="talkingpoint",
            name="search",
            field=models.TextField(
                default="", editable=False, help_text="folded words to look for; the database writes it"
            ),
        ),
        migrations.AlterField(
            model_name="fact",
            name="kind",
            field=models.CharField(
                choices=[
                    ("figure", "Figure"),
                    ("finding", "Finding"),
                    ("claim", "Claim"),
                    ("example", "Example"),
                    ("position", "Position"),
                    ("forecast", "Forecast"),
                ],
                max_length=12,
            ),
        ),
        migrations.CreateModel(
            name="FactRevision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("revision", models.PositiveIntegerField(help_text="the fact's until then")),
                ("said", models.JSONField(help_text="the fact's contents until then")),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("correct", "Corrected"),
                            ("retire", "Retired"),
                            ("restore", "Restored"),
                            ("load", "Changed by the campaign’s files"),
                        ],
                        max_length=8,
                    ),
                ),
                ("reason", models.TextField()),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                (
                    "fact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="history", to="talkingpoints.fact"
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="talkingpoints_revision_reason"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PointTranslation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("language", models.CharField(max_length=10)),
                ("title", models.CharField(blank=True, max_length=200)),
                ("claim", models.TextField(blank=True)),
                ("passage", models.TextField(blank=True)),
                ("source_hash", models.CharField(max_length=64)),
                ("revision", models.PositiveIntegerField(default=1)),
                (
                    "writers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), blank=True, default=list
                    ),
                ),
                (
                    "written_at",
                    models.DateTimeField(
                        blank=True, help_text="empty: as it came with the campaign's files", null=True
                    ),
                ),
                ("reviewed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "search",
                    models.TextField(
                        default="", editable=False, help_text="folded words to look for; the database writes it"
                    ),
                ),
                (
                    "point",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="translations",
                        to="talkingpoints.talkingpoint",
                    ),
                ),
                (
                    "reviewed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["language"],
                "constraints": [
                    models.UniqueConstraint(fields=("point", "language"), name="talkingpoints_translation_once")
                ],
            },
        ),
        insert_only("talkingpoints_factrevision"),
        keep_folded("talkingpoints_talkingpoint", "title", "claim", "slug", lists=("topics",)),
        keep_folded("talkingpoints_pointtranslation", "title", "claim", "passage"),
        keep_folded("talkingpoints_fact", "statement", "key", "caution", lists=("applies_to",)),
    ]
