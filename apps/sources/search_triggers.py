"""Triggers that fold text for searches: lower case, without accents. Queries are folded by the same function."""

from django.db import connection, migrations

#: names the schema of unaccent: a backup is restored without a search path
FUNCTION = """
DO $do$
DECLARE extension_schema text := (SELECT extnamespace::regnamespace FROM pg_extension WHERE extname = 'unaccent');
BEGIN
  EXECUTE format($make$
    CREATE OR REPLACE FUNCTION evidence_fold(VARIADIC words text[]) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $fold$
      SELECT lower(%1$s.unaccent('%1$s.unaccent'::regdictionary, array_to_string(words, ' ')))
    $fold$
  $make$, extension_schema);
END $do$;
"""


def make_fold() -> migrations.RunSQL:
    """The function evidence_fold(text, …), which needs the extension unaccent."""
    return migrations.RunSQL(sql=FUNCTION, reverse_sql="DROP FUNCTION evidence_fold(text[])")


def keep_folded(table: str, *columns: str, lists: tuple[str, ...] = ()) -> migrations.RunSQL:
    """A trigger that writes the column `search`, also of existing rows."""
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
    """The words as in the columns `search`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT evidence_fold(%s)", [words])
        return str(cursor.fetchone()[0])
