"""Why a mail bounced, the words its kind rests on, and the way back to accepted: only where the newest of its reports
is a person's correction."""

from importlib import import_module

from django.db import migrations, models

import apps.core.encrypted_fields

BEFORE: str = (
    import_module("apps.postbox.migrations.0002_guards")
    .GUARD.partition("CREATE TRIGGER")[0]
    .replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
)
ALLOWED = "'accepted>delivered', 'accepted>bounced'"
BY_A_PERSON = """  IF OLD.state IN ('bounced', 'delivered') AND NEW.state = 'accepted' AND NOT COALESCE((
    SELECT kind = 'corrected' AND actor_id IS NOT NULL FROM postbox_messageevent
    WHERE message_id = OLD.id AND kind IN ('bounced', 'delivered', 'corrected') ORDER BY id DESC LIMIT 1
  ), FALSE) THEN
    RAISE EXCEPTION 'message %: only a person''s correction makes it accepted again', OLD.id
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;"""
AFTER = BEFORE.replace(ALLOWED, f"{ALLOWED}, 'bounced>accepted', 'delivered>accepted'").replace(
    "  RETURN NEW;\nEND $$;", BY_A_PERSON
)


class Migration(migrations.Migration):
    dependencies = [("postbox", "0006_suppression_cause")]
    operations = [
        migrations.AddField(
            model_name="messageevent",
            name="bounce_reason",
            field=models.CharField(blank=True, default="", help_text="a BounceReason, of failures", max_length=10),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="messageevent",
            name="corrected",
            field=models.BooleanField(default=False, help_text="a person decided that its mail says something else"),
        ),
        migrations.AddField(
            model_name="inboundmail",
            name="bounce_reason",
            field=models.CharField(
                blank=True, default="", help_text="a BounceReason, where the kind is bounce", max_length=10
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="inboundmail",
            name="evidence",
            field=apps.core.encrypted_fields.EncryptedTextField(
                default="", help_text="the words that the kind rests on, without addresses"
            ),
        ),
        migrations.AlterField(
            model_name="inboundmail",
            name="reason",
            field=models.CharField(
                blank=True, help_text="what the kind was concluded from, to translate", max_length=300
            ),
        ),
        migrations.RunSQL(sql=AFTER, reverse_sql=BEFORE),
    ]
