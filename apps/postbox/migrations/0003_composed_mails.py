"""Mails that the worker writes when they leave."""

from django.db import migrations, models

import apps.core.encrypted_fields


class Migration(migrations.Migration):
    dependencies = [
        ("postbox", "0002_guards"),
    ]

    operations = [
        migrations.AddField(
            model_name="message",
            name="composer",
            field=models.CharField(
                blank=True,
                help_text="of core's mail_composers: writes subject and text when the mail leaves",
                max_length=60,
            ),
        ),
        migrations.AddField(
            model_name="message",
            name="composer_values",
            field=apps.core.encrypted_fields.EncryptedTextField(
                default="", help_text="what that needs besides the origin, as JSON"
            ),
        ),
    ]
