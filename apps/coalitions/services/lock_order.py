"""The order in which transactions lock what belongs to signatures, so that none waits for another in a circle:

1. `signing_lock` of the letter: shared by whoever adds a form or may change several signatures of a letter, alone for
   whoever changes how it is signed
2. the letter, then its calls by id
3. a signature that is not confirmed, then the address (`signer_mails.address_lock`; several in the order of their
   hashes), then a confirmed signature; several by id, unconfirmed before confirmed
4. what hangs on a signature: tokens, notices, collected sheets

Letters and calls are locked with `no_key`: a new row that refers to them waits for nobody.
"""

from django.db import connection

from ..models import SignOnCall


def signing_lock(letter_id: int) -> None:
    """Alone until the transaction ends: no form is added to the letter, no group of its signatures changes."""
    _lock("pg_advisory_xact_lock", letter_id)


def signing_lock_shared(*letter_ids: int) -> None:
    """Together with others, until the transaction ends; the first lock that it takes."""
    for letter_id in sorted(letter_ids):
        _lock("pg_advisory_xact_lock_shared", letter_id)


def _lock(function: str, letter_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(hashtextextended(%s, 0))", [signing_key(letter_id)])


def signing_key(letter_id: int) -> str:
    return f"coalitions.signing {letter_id}"


def calls_lock(letter_id: int) -> None:
    list(SignOnCall.objects.select_for_update(no_key=True).filter(letter=letter_id).order_by("pk").values_list("pk"))
