import django.contrib.postgres.fields
from django.db import migrations, models

SCOPES = [
    ("read", "Read evidence, governments, positions, letters and counts, without contact data"),
    ("points:write", "Add and change points, facts and sources"),
    ("letters:write", "Write, approve and freeze letters"),
    ("calls:write", "Open letters for signature, and close them"),
    ("sign_ons:read", "Read signatures, with the contact data of signers"),
    ("sign_ons:write", "Add signatures from a form of your own, and moderate signatures"),
    ("recipients:read", "Read recipients, with their contact data"),
    ("recipients:write", "Add and change recipients"),
    ("positions:write", "Record positions of governments"),
    ("dispatches:write", "Prepare mailings. People authorise them on a page"),
    ("deliveries:read", "Read what was sent to whom, and the answers"),
    ("exports", "Export lists"),
]


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0003_notices")]

    operations = [
        migrations.AddField(
            model_name="apitoken",
            name="scopes",
            # tokens made before there were scopes could read
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(choices=SCOPES, max_length=20), default=["read"], size=None
            ),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="apitoken",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("scopes__contained_by", [value for value, _label in SCOPES]), ("scopes__len__gte", 1)
                ),
                name="campaigns_token_scopes",
            ),
        ),
    ]
