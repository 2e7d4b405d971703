"""Organisations have records: coalitions, merges. Decisions of moderators can be taken back."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import apps.core.encrypted_fields


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0001_initial"),
        ("coalitions", "0003_signature_log"),
        ("letters", "0002_guards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="signaturelogentry",
            name="act",
            field=models.CharField(
                choices=[
                    ("confirm", "Confirm"),
                    ("correct", "Correct"),
                    ("accept", "Accept"),
                    ("reject", "Reject"),
                    ("moderate", "Moderate"),
                    ("withdraw", "Withdraw"),
                    ("erase", "Erase"),
                ],
                max_length=10,
            ),
        ),
        migrations.CreateModel(
            name="ModerationDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "verb",
                    models.CharField(
                        choices=[
                            ("accept", "Accept"),
                            ("ask", "Ask"),
                            ("reject", "Reject"),
                            ("set_aside", "Set Aside"),
                            ("settle", "Settle"),
                            ("verify", "Verify"),
                            ("let_through", "Let Through"),
                        ],
                        max_length=12,
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("before", models.JSONField(help_text="the fields of `DECIDED` as they were")),
                ("after", models.JSONField(help_text="the same fields, as the decision left them")),
                (
                    "mail_id",
                    models.UUIDField(help_text="the mail to the signer, while it has not been called back", null=True),
                ),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="ModerationReminder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sent_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="OrganisationMerge",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "sign_ons",
                    models.JSONField(default=dict, help_text="{id of a moved signature: [state, moderation] before}"),
                ),
                (
                    "claims",
                    models.JSONField(default=dict, help_text="{id of a signature: the organisation it claimed before}"),
                ),
                (
                    "coalitions",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, help_text="those the kept one did not have"
                    ),
                ),
                (
                    "pointers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(),
                        default=list,
                        help_text="merged rows that pointed to the other",
                    ),
                ),
                (
                    "filled",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40),
                        default=list,
                        help_text="fields that were empty before",
                    ),
                ),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="SignerQuestion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("question", apps.core.encrypted_fields.EncryptedTextField()),
                ("answer", apps.core.encrypted_fields.EncryptedTextField(default="")),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.AlterModelOptions(
            name="coalition",
            options={"ordering": ["name"]},
        ),
        migrations.AddField(
            model_name="organisation",
            name="coalitions",
            field=models.ManyToManyField(blank=True, related_name="organisations", to="coalitions.coalition"),
        ),
        migrations.AddField(
            model_name="organisation",
            name="merged_into",
            field=models.ForeignKey(
                blank=True,
                help_text="never a merged one",
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="merged",
                to="coalitions.organisation",
            ),
        ),
        migrations.AddField(
            model_name="signon",
            name="claimed_organisation",
            field=models.ForeignKey(
                blank=True,
                help_text="the one whose name it took, while it still counts as another",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="claims",
                to="coalitions.organisation",
            ),
        ),
        migrations.AlterField(
            model_name="signon",
            name="moderation",
            field=models.CharField(
                choices=[("waiting", "Waiting"), ("asked", "Asked"), ("suspect", "Suspect"), ("accepted", "Accepted")],
                default="waiting",
                max_length=10,
            ),
        ),
        migrations.AddIndex(
            model_name="signon",
            index=models.Index(
                condition=models.Q(
                    ("state", "suspect"),
                    models.Q(("moderation", "waiting"), ("state__in", ["confirmed", "held"])),
                    _connector="OR",
                ),
                fields=["campaign", "created_at", "id"],
                name="coalitions_to_moderate",
            ),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("merged_into__isnull", True),
                    models.Q(("merged_into", models.F("id")), _negated=True),
                    _connector="OR",
                ),
                name="coalitions_not_merged_into_itself",
            ),
        ),
        migrations.AddField(
            model_name="moderationdecision",
            name="actor",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="moderationdecision",
            name="campaign",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="campaigns.campaign"
            ),
        ),
        migrations.AddField(
            model_name="moderationdecision",
            name="sign_on",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="decisions", to="coalitions.signon"
            ),
        ),
        migrations.AddField(
            model_name="moderationreminder",
            name="team_member",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="campaigns.teammember"
            ),
        ),
        migrations.AddField(
            model_name="organisationmerge",
            name="actor",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="organisationmerge",
            name="kept",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="merges", to="coalitions.organisation"
            ),
        ),
        migrations.AddField(
            model_name="organisationmerge",
            name="other",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="coalitions.organisation"
            ),
        ),
        migrations.AddField(
            model_name="signerquestion",
            name="asked_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="signerquestion",
            name="noted_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="signerquestion",
            name="sign_on",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="questions", to="coalitions.signon"
            ),
        ),
        migrations.AddIndex(
            model_name="moderationdecision",
            index=models.Index(fields=["campaign", "actor", "-id"], name="coalitions_decided_by"),
        ),
    ]
