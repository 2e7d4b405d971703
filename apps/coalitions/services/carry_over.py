"""The statements that carry signatures over to another version, and queue what signers are told: the same few, however
many have signed."""

from datetime import datetime

from django.db import connection
from django.utils import timezone

from ..models import SignOn, SignOnCall, VersionReplacement
from ..models.sign_on_fields import ERASED
from ..selectors.signature_log import carried_signatures

State = SignOn.State
#: a withdrawn signature stays withdrawn; a rejected one follows in case a moderator takes that back, and is not told
FOLLOWING = [State.CONFIRMED, State.HELD, State.REJECTED]
STANDING = [State.CONFIRMED, State.HELD]

#: locked, so that the triggers that count see each signature as it is when this is committed
CARRY_OVER = """
WITH standing AS (
  SELECT signed.id FROM coalitions_signon signed
  WHERE signed.letter_id = %(letter)s AND signed.state = ANY(%(states)s)
    AND EXISTS (SELECT 1 FROM coalitions_signonversion covered
                WHERE covered.sign_on_id = signed.id AND covered.version_id = %(before)s)
  ORDER BY signed.id FOR SHARE OF signed
)
INSERT INTO coalitions_signonversion (sign_on_id, version_id, replacement_id, at)
SELECT id, %(after)s, %(replacement)s, %(now)s FROM standing ON CONFLICT (sign_on_id, version_id) DO NOTHING
"""
NOTIFY_CARRIED = """
INSERT INTO coalitions_signernotice (replacement_id, sign_on_id, next_at, answer)
SELECT covered.replacement_id, signed.id, %(now)s, ''
FROM coalitions_signonversion covered JOIN coalitions_signon signed ON signed.id = covered.sign_on_id
WHERE covered.replacement_id = %(replacement)s AND signed.state = ANY(%(states)s)
  AND signed.email_hash NOT LIKE %(erased)s
"""
NOTIFY_ASKED = """
INSERT INTO coalitions_signernotice (replacement_id, sign_on_id, next_at, answer)
SELECT %(replacement)s, signed.id, %(now)s, ''
FROM coalitions_signonversion covered JOIN coalitions_signon signed ON signed.id = covered.sign_on_id
WHERE covered.version_id = %(before)s AND signed.state = ANY(%(states)s) AND signed.email_hash NOT LIKE %(erased)s
  AND NOT EXISTS (SELECT 1 FROM coalitions_signonversion other
                  WHERE other.sign_on_id = signed.id AND other.version_id = %(after)s)
"""
#: whoever confirms right now is waited for, and whoever confirms later finds the new version
WAIT_FOR_CONFIRMING = """
SELECT count(*) FROM (
  SELECT id FROM coalitions_signon WHERE call_id = %s AND state IN ('pending', 'suspect') ORDER BY id FOR UPDATE
) AS pending
"""


def confirming_wait(*, call: SignOnCall) -> None:
    with connection.cursor() as cursor:
        cursor.execute(WAIT_FOR_CONFIRMING, [call.pk])


def signatures_carry_over(*, replacement: VersionReplacement) -> tuple[int, str]:
    """Let every signature to the one version cover the other. Returns how many, and the hash of their ids."""
    with connection.cursor() as cursor:
        cursor.execute(CARRY_OVER, _values(replacement, FOLLOWING))
    return carried_signatures(replacement.pk)


def notices_queue(*, replacement: VersionReplacement) -> int:
    """Queue a mail to each standing signer. Returns how many."""
    statement = NOTIFY_CARRIED if replacement.is_correction else NOTIFY_ASKED
    with connection.cursor() as cursor:
        cursor.execute(statement, _values(replacement, STANDING))
        return cursor.rowcount


def _values(replacement: VersionReplacement, states: list[SignOn.State]) -> dict[str, int | datetime | list[str] | str]:
    return {
        "letter": replacement.letter_id, "before": replacement.before_id, "after": replacement.after_id,
        "replacement": replacement.pk, "now": timezone.now(), "states": [str(state) for state in states],
        "erased": f"{ERASED}%",
    }  # fmt: skip
