"""Text as a search compares it: lower case, without accents. The database folds, so that a row and what is looked for
are folded alike."""

from django.db import connection, migrations

#: the schema of unaccent is written out, so that a restored backup, which has no search path, can fold as well
FUNCTION = """
DO $do$
DECLARE place text := (SELECT extnamespace::regnamespace FROM pg_extension WHERE extname = 'unaccent');
BEGIN
  EXECUTE format($make$
    CREATE OR REPLACE FUNCTION evidence_fold(VARIADIC words text[]) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $fold$
      SELECT lower(%1$s.unaccent('%1$s.unaccent'::regdictionary, array_to_string(words, ' ')))
    $fold$
  $make$, place);
END $do$;
"""


def make_fold() -> migrations.RunSQL:
    """The function evidence_fold(text, …), which needs the extension unaccent."""
    return migrations.RunSQL(sql=FUNCTION, reverse_sql="DROP FUNCTION evidence_fold(text[])")


def keep_folded(table: str, *columns: str, lists: tuple[str, ...] = ()) -> migrations.RunSQL:
    """Let the database write `search` of every row that is made or changed, whoever writes; and of those there are."""
    words = [f"NEW.{column}" for column in columns] + [f"array_to_string(NEW.{column}, ' ')" for column in lists]
    return migrations.RunSQL(
        sql=f"""
CREATE FUNCTION {table}_fold() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.search := evidence_fold({", ".join(words)});
  RETURN NEW;
END $$;
CREATE TRIGGER {table}_fold BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_fold();
UPDATE {table} SET search = '';
""",  # noqa: S608  # names of tables and columns come from migrations, never from people
        reverse_sql=f"DROP TRIGGER {table}_fold ON {table}; DROP FUNCTION {table}_fold();",
    )


def folded(words: str) -> str:
    """The words as the columns to search in hold theirs."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT evidence_fold(%s)", [words])
        return str(cursor.fetchone()[0])
