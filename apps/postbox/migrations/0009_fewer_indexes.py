"""Fewer indexes: each costs something at every step of a mail."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("postbox", "0008_file_scans"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="message",
            name="postbox_mes_state_2d04fd_idx",
        ),
        migrations.AlterField(
            model_name="message",
            name="next_at",
            field=models.DateTimeField(),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("state__in", ["claimed", "final", "in_doubt"])),
                fields=["state", "lease_until"],
                name="postbox_message_under_way",
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("expires_at__isnull", False), ("state", "queued")),
                fields=["expires_at"],
                name="postbox_message_expiry",
            ),
        ),
    ]
