"""Send letters that came back once more, to corrected addresses: a small mailing, which a second person authorises."""

from dataclasses import replace

from django.db import transaction

from apps.accounts.models import User

from ..models import Dispatch
from ..selectors.dispatch_criteria import Criteria
from ..selectors.failed_letters import letters_to_repeat
from ..sending_terms import Terms
from .exceptions import NothingToRepeat
from .preparation import dispatch_locked, dispatch_prepare


@transaction.atomic
def dispatch_repeat(*, dispatch: Dispatch, actor: User, recipient_id: int | None = None) -> Dispatch:
    """Prepare a mailing of those letters of `dispatch` that came back and can be sent now, or of one recipient's.
    They leave as the first ones did, but at once when authorised. Raises NotEntitled, NothingToRepeat."""
    locked = dispatch_locked(dispatch)  # two who ask at once get one mailing
    rows = letters_to_repeat(locked.campaign).filter(dispatch=locked)
    rows = rows.filter(recipient=recipient_id) if recipient_id is not None else rows
    ids = tuple(sorted(rows.values_list("recipient_id", flat=True)))
    if not ids:
        raise NothingToRepeat
    terms = replace(Terms.of(locked), send_at=None, ends_at=None)
    return dispatch_prepare(version=locked.version, actor=actor, criteria=Criteria(recipients=ids), terms=terms)
