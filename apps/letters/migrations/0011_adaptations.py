"""Passages for single governments, which an approval covers too."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from apps.core.migration_operations import insert_only


class Migration(migrations.Migration):
    dependencies = [
        ("governments", "0002_time_zones"),
        ("letters", "0010_edition_sha256"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Adaptation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("replace", "In place of a passage"),
                            ("after", "After a passage"),
                            ("leave_out", "Left out"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "block",
                    models.CharField(help_text="the id of the block of the text that it stands at", max_length=9),
                ),
                ("content", models.JSONField(help_text="a letter document; empty for what is left out")),
                ("base", models.JSONField()),
                ("base_sha256", models.CharField(max_length=64)),
                ("revision", models.PositiveIntegerField(default=1)),
                ("saved_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="AdaptationRevision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("revision", models.PositiveIntegerField()),
                ("kind", models.CharField(max_length=10)),
                ("block", models.CharField(max_length=9)),
                ("content", models.JSONField()),
                ("removed", models.BooleanField()),
                ("saved_by_id", models.BigIntegerField(null=True)),
                ("saved_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-revision"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="approval",
            name="letters_approval_once",
        ),
        migrations.AddField(
            model_name="approval",
            name="adaptations_sha256",
            field=models.CharField(blank=True, default="", max_length=64),
        ),
        migrations.AddField(
            model_name="lettertext",
            name="adaptations_sha256",
            field=models.CharField(blank=True, default="", max_length=64),
        ),
        migrations.AddField(
            model_name="lettertext",
            name="adapted_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="approval",
            constraint=models.UniqueConstraint(
                fields=("text", "sha256", "adaptations_sha256", "reviewer"), name="letters_approval_once"
            ),
        ),
        migrations.AddField(
            model_name="adaptation",
            name="member",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="governments.member"
            ),
        ),
        migrations.AddField(
            model_name="adaptation",
            name="saved_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="adaptation",
            name="text",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="adaptations", to="letters.lettertext"
            ),
        ),
        migrations.AddField(
            model_name="adaptationrevision",
            name="adaptation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="revisions", to="letters.adaptation"
            ),
        ),
        migrations.AddConstraint(
            model_name="adaptation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("removed_at", None), models.Q(("kind", "after"), _negated=True)),
                fields=("text", "member", "block"),
                name="letters_adaptation_instead_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="adaptation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "after"), ("removed_at", None)),
                fields=("text", "member", "block"),
                name="letters_adaptation_after_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="adaptationrevision",
            constraint=models.UniqueConstraint(fields=("adaptation", "revision"), name="letters_adaptation_revision"),
        ),
        insert_only("letters_adaptationrevision"),
    ]
