import django.contrib.postgres.fields
from django.db import migrations, models

SCOPES = [
    ("read", "Read evidence, governments, positions, letters and counts, without contact data"),
    ("points:write", "Add and change points, facts and sources"),
    ("letters:write", "Write, approve and freeze letters"),
    ("calls:write", "Open letters for signature, and close them"),
    ("sign_ons:read", "Read all signatures, with contact data where your role sees it"),
    ("sign_ons:write", "Send in what people entered in a form of your own, to sign a letter"),
    ("recipients:read", "Read recipients, with their contact data"),
    ("recipients:write", "Add and change recipients"),
    ("positions:write", "Record positions of governments"),
    ("dispatches:write", "Prepare mailings. People authorise them on a page"),
    ("deliveries:read", "Read what was sent to whom, and the answers"),
    ("tracking:write", "Record contacts and next steps, and sort answers"),
    ("exports", "Export lists"),
]


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0006_moved_days")]

    operations = [
        migrations.RemoveConstraint(model_name="apitoken", name="campaigns_token_scopes"),
        migrations.AlterField(
            model_name="apitoken",
            name="scopes",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(choices=SCOPES, max_length=20), size=None
            ),
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
