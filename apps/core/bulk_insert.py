"""Insert many rows by COPY: less than half the time of `bulk_create`, which builds a statement for each batch."""

from collections.abc import Iterable, Sequence

from django.db import DEFAULT_DB_ALIAS, connections, models


def insert_objects(objects: Sequence[models.Model]) -> None:
    """Insert unsaved objects of one model and set their primary keys. Sends no signals."""
    if not objects:
        return
    meta = objects[0]._meta
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [meta.db_table, meta.pk.column, len(objects)],
        )
        for one, (key,) in zip(objects, cursor.fetchall(), strict=True):
            one.pk = key
    fields = meta.concrete_fields
    insert_rows(
        type(objects[0]),
        [field.attname for field in fields],
        ([field.pre_save(one, True) for field in fields] for one in objects),
    )
    for one in objects:
        one._state.adding = False


def insert_rows(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Insert rows of the values of these fields, in their order. The database must have defaults for the others."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    prepare = [fields[name].get_db_prep_save for name in names]
    connection = connections[DEFAULT_DB_ALIAS]  # the proxy for it costs half as much again for each value
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(fields[name].column)) for name in names)
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {quote(model._meta.db_table)} ({columns}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row([one(value, connection) for one, value in zip(prepare, row, strict=True)])
