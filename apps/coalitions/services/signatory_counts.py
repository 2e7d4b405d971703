"""Upkeep of the counts: pending changes become part of the totals, and the totals are compared with the rows."""

import structlog
from django.db import connection, transaction

log = structlog.get_logger(__name__)

ADD_CHANGES = """
WITH taken AS (DELETE FROM coalitions_signatorychange RETURNING version_id, country, kind, signed, named)
INSERT INTO coalitions_signatorytotal AS total (version_id, country, kind, signed, named)
SELECT version_id, country, kind, sum(signed), sum(named) FROM taken GROUP BY version_id, country, kind
ON CONFLICT (version_id, country, kind)
DO UPDATE SET signed = total.signed + excluded.signed, named = total.named + excluded.named
"""
#: rows and counts as of one moment: what is committed meanwhile is in neither, and brings its own change
ADD_DIFFERENCES = """
INSERT INTO coalitions_signatorychange (version_id, country, kind, signed, named)
SELECT version_id, country, kind, sum(signed), sum(named) FROM (
  SELECT covered.version_id, signed.country, signed.kind, 1 AS signed,
    (signed.moderation = 'accepted' AND signed.visibility = 'public')::int AS named
  FROM coalitions_signonversion covered JOIN coalitions_signon signed ON signed.id = covered.sign_on_id
  WHERE signed.state = 'confirmed'
  UNION ALL SELECT version_id, country, kind, -signed, -named FROM coalitions_signatorytotal
  UNION ALL SELECT version_id, country, kind, -signed, -named FROM coalitions_signatorychange
) counted GROUP BY version_id, country, kind HAVING sum(signed) <> 0 OR sum(named) <> 0
"""


def signatory_changes_add() -> int:
    """Add what has changed to the totals. Returns the number of totals that changed; 0 while another process does
    it."""
    return _alone(ADD_CHANGES) or 0


def signatory_counts_correct() -> int | None:
    """Count all signatures anew and correct what differs, which is a fault and logged. Returns how many numbers were
    wrong; None while another process works on the counts."""
    wrong = _alone(ADD_DIFFERENCES)
    if wrong:
        log.error("signatory_counts_differed", numbers=wrong)
    return wrong


@transaction.atomic
def _alone(statement: str) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended('coalitions.signatory_counts', 0))")
        if not cursor.fetchone()[0]:
            return None
        cursor.execute(statement)
        return cursor.rowcount
