"""The past of a text: stretches of writing, and states with a name. What it said then: `text_documents.text_at`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import QuerySet

from apps.accounts.models import User

from ..models import LetterText, NamedState

#: a pause of ten minutes begins another one. Of the updates before a number, the latest stretches
STRETCHES = """
SELECT min(sequence), max(sequence), min(at), max(at), array_agg(DISTINCT actor_id) FROM (
  SELECT *, sum(begins) OVER (ORDER BY sequence) AS stretch FROM (
    SELECT sequence, at, actor_id,
      (actor_id IS NULL OR lag(actor_id) OVER before IS NULL OR at - lag(at) OVER before > interval '10 minutes')::int
        AS begins
    FROM letters_textupdate WHERE text_id = %s AND sequence < %s WINDOW before AS (ORDER BY sequence)
  ) numbered
) parted GROUP BY stretch ORDER BY 1 DESC LIMIT %s
"""
#: more than any number of an update
END = 2**31


@dataclass(frozen=True)
class WritingSession:
    """Updates that follow each other without a long pause. `people` is empty for the beginning of a document."""

    first: int
    last: int
    began_at: datetime
    ended_at: datetime
    people: tuple[User, ...]


def text_stretches(text: LetterText, *, before: int | None = None, most: int) -> list[WritingSession]:
    """The latest first: those of the updates before the number `before`, which may be within a stretch."""
    with connection.cursor() as cursor:
        cursor.execute(STRETCHES, [text.pk, END if before is None else min(before, END), most])
        rows = cursor.fetchall()
    people = _people(pk for row in rows for pk in row[4] if pk is not None)
    return [
        WritingSession(first, last, began, ended, tuple(people[pk] for pk in writers if pk in people))
        for first, last, began, ended, writers in rows
    ]


def _people(ids: Iterable[int]) -> dict[int, User]:
    return User.objects.in_bulk(list(set(ids)))


def named_states(text: LetterText) -> QuerySet[NamedState]:
    """The latest first."""
    return text.named_states.select_related("named_by")
