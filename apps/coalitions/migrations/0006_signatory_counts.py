"""Totals of signatures for each version, kept by triggers, and indexes for public lists and their search."""

import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

#: a row of SignOn counts where it is confirmed, for each version that it covers
TRIGGERS = """
CREATE FUNCTION coalitions_signatures_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO coalitions_signatorychange (version_id, country, kind, signed, named)
  SELECT covered.version_id, moved.country, moved.kind, sum(moved.sign),
    sum(CASE WHEN moved.moderation = 'accepted' AND moved.visibility = 'public' THEN moved.sign ELSE 0 END)
  FROM (
    SELECT -1 AS sign, id, country, kind, state, moderation, visibility FROM old_rows
    UNION ALL SELECT 1, id, country, kind, state, moderation, visibility FROM new_rows
  ) moved JOIN coalitions_signonversion covered ON covered.sign_on_id = moved.id
  WHERE moved.state = 'confirmed'
  GROUP BY covered.version_id, moved.country, moved.kind
  HAVING sum(moved.sign) <> 0
    OR sum(CASE WHEN moved.moderation = 'accepted' AND moved.visibility = 'public' THEN moved.sign ELSE 0 END) <> 0;
  RETURN NULL;
END $$;
CREATE TRIGGER coalitions_signatures_changed AFTER UPDATE ON coalitions_signon
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION coalitions_signatures_changed();

CREATE FUNCTION coalitions_versions_covered() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO coalitions_signatorychange (version_id, country, kind, signed, named)
  SELECT covered.version_id, signed.country, signed.kind, count(*),
    count(*) FILTER (WHERE signed.moderation = 'accepted' AND signed.visibility = 'public')
  FROM new_rows covered JOIN coalitions_signon signed ON signed.id = covered.sign_on_id
  WHERE signed.state = 'confirmed'
  GROUP BY covered.version_id, signed.country, signed.kind;
  RETURN NULL;
END $$;
CREATE TRIGGER coalitions_versions_covered AFTER INSERT ON coalitions_signonversion
  REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION coalitions_versions_covered();

INSERT INTO coalitions_signatorytotal (version_id, country, kind, signed, named)
  SELECT covered.version_id, signed.country, signed.kind, count(*),
    count(*) FILTER (WHERE signed.moderation = 'accepted' AND signed.visibility = 'public')
  FROM coalitions_signonversion covered JOIN coalitions_signon signed ON signed.id = covered.sign_on_id
  WHERE signed.state = 'confirmed'
  GROUP BY covered.version_id, signed.country, signed.kind;
"""
NO_TRIGGERS = """
DROP TRIGGER coalitions_versions_covered ON coalitions_signonversion;
DROP TRIGGER coalitions_signatures_changed ON coalitions_signon;
DROP FUNCTION coalitions_versions_covered;
DROP FUNCTION coalitions_signatures_changed;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0001_initial"),
        ("coalitions", "0005_carry_over"),
        ("letters", "0002_guards"),
        ("sources", "0002_search"),  # creates pg_trgm
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SignatoryChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("country", models.CharField(max_length=2)),
                ("kind", models.CharField(max_length=12)),
                ("signed", models.IntegerField()),
                (
                    "named",
                    models.IntegerField(help_text="confirmed, accepted and public, also while all names are hidden"),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SignatoryTotal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("country", models.CharField(max_length=2)),
                ("kind", models.CharField(max_length=12)),
                ("signed", models.IntegerField()),
                (
                    "named",
                    models.IntegerField(help_text="confirmed, accepted and public, also while all names are hidden"),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="signon",
            index=models.Index(
                condition=models.Q(("moderation", "accepted"), ("state", "confirmed"), ("visibility", "public")),
                fields=["version", "country", "name_key", "id"],
                name="coalitions_public_names",
            ),
        ),
        migrations.AddIndex(
            model_name="signon",
            index=models.Index(
                condition=models.Q(("moderation", "accepted"), ("state", "confirmed"), ("visibility", "public")),
                fields=["version", "-confirmed_at"],
                name="coalitions_public_latest",
            ),
        ),
        migrations.AddIndex(
            model_name="signon",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Upper("name_key"), "gin_trgm_ops"
                ),
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Upper("org_name"), "gin_trgm_ops"
                ),
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Upper("org_name_english"), "gin_trgm_ops"
                ),
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Upper("org_acronym"), "gin_trgm_ops"
                ),
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Upper("display_name"), "gin_trgm_ops"
                ),
                condition=models.Q(("moderation", "accepted"), ("state", "confirmed"), ("visibility", "public")),
                name="coalitions_public_search",
            ),
        ),
        migrations.AddField(
            model_name="signatorychange",
            name="version",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="letters.letterversion",
            ),
        ),
        migrations.AddField(
            model_name="signatorytotal",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="letters.letterversion"
            ),
        ),
        migrations.AddConstraint(
            model_name="signatorytotal",
            constraint=models.UniqueConstraint(
                fields=("version", "country", "kind"), name="coalitions_signatory_total_once"
            ),
        ),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
    ]
