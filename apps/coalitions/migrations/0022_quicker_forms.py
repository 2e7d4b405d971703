"""One statement locks and asks when a form is sent; and an index of signatures that no query needs is gone."""

from django.db import migrations, models

QUESTION = """
CREATE FUNCTION coalitions_form_question(
  signing text, address text, of_call bigint, mails_since timestamptz,
  OUT opens_at timestamptz, OUT closes_at timestamptz, OUT closed_at timestamptz, OUT who text,
  OUT is_known boolean, OUT was_mailed boolean
) LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(hashtextextended(signing, 0));
  PERFORM pg_advisory_xact_lock(hashtextextended(address, 0));
  SELECT asked.opens_at, asked.closes_at, asked.closed_at, asked.who,
    EXISTS (SELECT 1 FROM coalitions_signon known
            WHERE known.letter_id = asked.letter_id AND known.email_hash = address),
    EXISTS (SELECT 1 FROM coalitions_addressmail mail WHERE mail.email_hash = address AND mail.at > mails_since)
  INTO opens_at, closes_at, closed_at, who, is_known, was_mailed
  FROM coalitions_signoncall asked WHERE asked.id = of_call;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("coalitions", "0021_long_list_of_signatures")]

    operations = [
        migrations.AddIndex(model_name="signon", index=models.Index(fields=["email_hash"], name="coalitions_address")),
        migrations.AlterField(model_name="signon", name="email_hash", field=models.CharField(max_length=64)),
        migrations.RunSQL(QUESTION, "DROP FUNCTION coalitions_form_question"),
    ]
