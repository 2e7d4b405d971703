import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def keep_writers(apps, _editor):
    """Until now only the last writer of an email to signers was kept."""
    report = apps.get_model("outreach", "SignerReport")
    through = report.writers.through
    through.objects.bulk_create(
        through(signerreport_id=pk, user_id=writer) for pk, writer in report.objects.values_list("pk", "written_by")
    )


class Migration(migrations.Migration):
    dependencies = [
        ("outreach", "0008_tracking"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="dispatch",
            name="terms_set_by",
            field=models.ForeignKey(
                blank=True,
                help_text="who changed the terms last",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="signerreport",
            name="writers",
            field=models.ManyToManyField(help_text="all who saved it", related_name="+", to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name="dispatch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("authorised_by__isnull", True),
                    ("terms_set_by__isnull", True),
                    models.Q(("authorised_by", models.F("terms_set_by")), _negated=True),
                    _connector="OR",
                ),
                name="outreach_terms_two_people",
            ),
        ),
        migrations.RunPython(keep_writers, migrations.RunPython.noop),
    ]
