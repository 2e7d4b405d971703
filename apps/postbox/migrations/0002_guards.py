"""The database refuses what must never happen to a mail, whoever asks: a state that may not follow, a changed
identity, a letter taken back from the final step without the server's word, an unfinished row deleted."""

from django.db import migrations

GUARD = """
CREATE FUNCTION postbox_message_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.state IN ('queued', 'claimed', 'final', 'in_doubt') THEN
      RAISE EXCEPTION 'message % is % and not finished: it is not deleted', OLD.id, OLD.state
        USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN OLD;
  END IF;
  IF (NEW.message_id, NEW.policy, NEW.once_key, NEW.address_key, NEW.to_hash)
     IS DISTINCT FROM (OLD.message_id, OLD.policy, OLD.once_key, OLD.address_key, OLD.to_hash) THEN
    RAISE EXCEPTION 'message %: identity, policy, keys and recipient are fixed', OLD.id
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF NEW.attempt <> OLD.attempt + (CASE WHEN OLD.state = 'queued' AND NEW.state = 'claimed' THEN 1 ELSE 0 END) THEN
    RAISE EXCEPTION 'message %: the attempt number changes with a claim, by one', OLD.id
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF NEW.state = OLD.state THEN
    RETURN NEW;
  END IF;
  IF OLD.state || '>' || NEW.state NOT IN (
    'queued>claimed', 'queued>cancelled', 'queued>expired', 'queued>suppressed',
    'claimed>final', 'claimed>queued', 'claimed>refused',
    'final>accepted', 'final>refused', 'final>queued', 'final>in_doubt',
    'in_doubt>accepted', 'in_doubt>queued',
    'accepted>delivered', 'accepted>bounced'
  ) THEN
    RAISE EXCEPTION 'message %: % cannot become %', OLD.id, OLD.state, NEW.state
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF OLD.state = 'final' AND NEW.state = 'queued' AND OLD.policy = 'once'
     AND (NEW.last_code IS NULL OR NEW.last_code NOT BETWEEN 400 AND 499) THEN
    RAISE EXCEPTION 'message %: may have been handed over, so only a temporary refusal puts it back', OLD.id
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF OLD.state = 'final' AND NEW.state = 'accepted' AND (NEW.last_code IS NULL OR NEW.last_code NOT BETWEEN 200 AND 299) THEN
    RAISE EXCEPTION 'message %: accepted needs the server''s word', OLD.id
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER postbox_message_guard BEFORE UPDATE OR DELETE ON postbox_message
  FOR EACH ROW EXECUTE FUNCTION postbox_message_guard();
"""

UNDO = """
DROP TRIGGER IF EXISTS postbox_message_guard ON postbox_message;
DROP FUNCTION IF EXISTS postbox_message_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("postbox", "0001_initial")]
    operations = [migrations.RunSQL(sql=GUARD, reverse_sql=UNDO)]
