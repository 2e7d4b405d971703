"""The words of texts and their revisions, folded as the evidence is, in indexes of trigrams."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import migrations
from django.db.models import F, Func, TextField

WORDS = Func(F("body"), function="letters_words", output_field=TextField())
#: keeps the search path, since a backup is restored without one
FUNCTION = """
CREATE FUNCTION letters_words(body jsonb) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path FROM CURRENT AS $$
  SELECT evidence_fold(VARIADIC ARRAY(SELECT node #>> '{}' FROM jsonb_path_query(body, 'strict $.**.text') node))
$$
"""


class Migration(migrations.Migration):
    dependencies = [("letters", "0003_removed_texts"), ("sources", "0002_search")]
    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION letters_words(jsonb)"),
        migrations.AddIndex("lettertext", GinIndex(OpClass(WORDS, "gin_trgm_ops"), name="letters_text_words")),
        migrations.AddIndex("textrevision", GinIndex(OpClass(WORDS, "gin_trgm_ops"), name="letters_revision_words")),
    ]
