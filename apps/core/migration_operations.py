"""Migration operations for tables that the database itself protects."""

from django.db import migrations

FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% on % is refused: rows of this table are never changed or deleted', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""


def insert_only(table: str, *, set_once: tuple[str, ...] = ()) -> migrations.RunSQL:
    """Refuse UPDATE, DELETE and TRUNCATE on `table` for everybody, with SQLSTATE 23000. The columns `set_once`, NULL at
    first, may get their values in one UPDATE that changes nothing else."""
    return migrations.RunSQL(
        sql=FUNCTION
        + f"""
CREATE TRIGGER {table}_insert_only BEFORE {"DELETE" if set_once else "UPDATE OR DELETE"} ON {table}
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
        + (_set_once(table, set_once) if set_once else ""),
        reverse_sql=f"""
DROP TRIGGER IF EXISTS {table}_insert_only ON {table};
DROP TRIGGER IF EXISTS {table}_no_truncate ON {table};
DROP TRIGGER IF EXISTS {table}_set_once ON {table};
""",
    )


def _set_once(table: str, columns: tuple[str, ...]) -> str:
    names = "ARRAY[" + ", ".join(f"'{name}'" for name in columns) + "]"
    filled = " AND ".join(f"OLD.{name} IS NULL AND NEW.{name} IS NOT NULL" for name in columns)
    return f"""
CREATE TRIGGER {table}_set_once BEFORE UPDATE ON {table}
  FOR EACH ROW WHEN (NOT ({filled} AND to_jsonb(NEW) - {names} = to_jsonb(OLD) - {names}))
  EXECUTE FUNCTION refuse_change();
"""
