"""Priorities, quiet hours, and domains to which mail fails."""

from django.db import migrations, models

import apps.core.encrypted_fields


class Migration(migrations.Migration):
    dependencies = [
        ("postbox", "0003_composed_mails"),
    ]

    operations = [
        migrations.CreateModel(
            name="RecipientDomain",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("name", apps.core.encrypted_fields.EncryptedTextField()),
                ("failures", models.PositiveSmallIntegerField(default=0, help_text="in a row")),
                ("reason", models.TextField(blank=True, help_text="of the last failure, without addresses")),
                (
                    "opened_at",
                    models.DateTimeField(help_text="since when its mail is held back; empty: it is not", null=True),
                ),
                ("held_until", models.DateTimeField(help_text="then one mail is tried", null=True)),
                ("hour_started", models.DateTimeField(null=True)),
                (
                    "hour_count",
                    models.PositiveIntegerField(default=0, help_text="mails since hour_started, where a limit is set"),
                ),
                ("updated_at", models.DateTimeField(auto_now=True)),
            ],
        ),
        migrations.RemoveIndex(
            model_name="message",
            name="postbox_message_turn",
        ),
        migrations.AddField(
            model_name="message",
            name="domain_limit",
            field=models.PositiveIntegerField(
                default=0,
                help_text="the most mails an hour to that domain while this one waits; 0: the installation's limit",
            ),
        ),
        migrations.AddField(
            model_name="message",
            name="priority",
            field=models.PositiveSmallIntegerField(
                choices=[(1, "Waited For"), (5, "Letter"), (9, "Update")], default=5
            ),
        ),
        migrations.AddField(
            model_name="message",
            name="quiet_from",
            field=models.TimeField(null=True),
        ),
        migrations.AddField(
            model_name="message",
            name="quiet_until",
            field=models.TimeField(help_text="before quiet_from: on the next day", null=True),
        ),
        migrations.AddField(
            model_name="message",
            name="quiet_zone",
            field=models.CharField(
                blank=True, help_text="the recipient's time zone; empty: never quiet", max_length=60
            ),
        ),
        migrations.AddField(
            model_name="message",
            name="to_domain",
            field=models.CharField(
                blank=True, help_text="RecipientDomain.key of the recipient's domain; empty: no limits", max_length=64
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("state", "queued")),
                fields=["priority", "next_at", "created_at"],
                name="postbox_message_due",
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("state", "queued")), fields=["to_domain"], name="postbox_message_domain"
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(("priority__in", [1, 5, 9])), name="postbox_message_priority"
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("quiet_zone", ""),
                    models.Q(("quiet_from__isnull", False), ("quiet_until__isnull", False)),
                    _connector="OR",
                ),
                name="postbox_message_quiet_hours",
            ),
        ),
        migrations.RunSQL(
            "UPDATE postbox_message SET priority = 1 WHERE state = 'queued' AND policy = 'repeatable'",
            migrations.RunSQL.noop,
        ),
    ]
