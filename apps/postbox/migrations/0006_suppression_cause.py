"""Why an address is blocked, and shorter keys of domains."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("postbox", "0005_mailbox_cursor"),
    ]

    operations = [
        migrations.AddField(
            model_name="suppression",
            name="cause",
            field=models.CharField(
                choices=[("complaint", "Complaint"), ("operator", "Operator")], default="complaint", max_length=10
            ),
        ),
        migrations.AlterField(
            model_name="message",
            name="to_domain",
            field=models.CharField(
                blank=True, help_text="RecipientDomain.key of the recipient's domain; empty: no limits", max_length=32
            ),
        ),
        migrations.AlterField(
            model_name="recipientdomain",
            name="key",
            field=models.CharField(max_length=32, primary_key=True, serialize=False),
        ),
    ]
