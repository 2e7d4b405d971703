"""One decision on many signatures, each as the moderator saw it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.core.encryption import lookup_hashes
from apps.core.errors import DomainError

from ..models import SignOn
from .lock_order import signing_lock_shared
from .moderation import sign_on_accept, sign_on_reject, sign_on_set_aside
from .signer_mails import addresses_lock

#: signatures decided at once
MOST = 500


@dataclass
class BulkResult:
    """The signatures decided, and those left out, each with the reason."""

    decided: list[SignOn] = field(default_factory=list)
    left_out: list[tuple[SignOn, str]] = field(default_factory=list)


@transaction.atomic
def sign_ons_decide(
    *, campaign: Campaign, seen: dict[int, str], decision: str, actor: User, reason: str = ""
) -> BulkResult:
    """Accept, reject or set aside the signatures in `seen` ({id: fingerprint of what the page showed}). Those that
    changed meanwhile, and those that cannot be decided so, are left out. Raises DomainError for the whole: no rows, too
    many, no reason."""
    decide: dict[str, Callable[..., SignOn]] = {
        "accept": sign_on_accept,
        "set_aside": sign_on_set_aside,
        "reject": partial(sign_on_reject, reason=reason),
    }
    if decision not in decide:
        raise DomainError(_("No button was pressed. Choose one."))
    if not seen or len(seen) > MOST:
        raise DomainError(_("Tick at least one signature, and at most %(most)s.") % {"most": MOST})
    if decision == "reject" and not reason.strip():
        raise DomainError(_("Enter a reason. The signers get it by email."), field="reason")
    result = BulkResult()
    sign_ons = list(SignOn.objects.filter(campaign=campaign, pk__in=seen).order_by("pk"))
    signing_lock_shared(*{sign_on.letter_id for sign_on in sign_ons})
    addresses_lock(lookup_hashes(sign_on.email)[0].digest for sign_on in sign_ons if sign_on.email)
    for sign_on in sign_ons:
        try:
            result.decided.append(decide[decision](sign_on=sign_on, actor=actor, seen=seen[sign_on.pk]))
        except DomainError as error:
            result.left_out.append((sign_on, str(error)))
    return result
