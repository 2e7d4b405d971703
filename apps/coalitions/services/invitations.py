"""Inviting organisations to sign a letter, and reminding those who are silent."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import CharField, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core.audit import audit_record
from apps.core.encryption import lookup_hashes
from apps.core.errors import Conflict, DomainError
from apps.core.text import name_key
from apps.core.wakeups import wake
from apps.postbox.services.queue import messages_erase

from ..email_domains import mail_domain, own_domain, website_host
from ..models import INVITATION_ORIGIN, Invitation, InvitationToken, SignOnCall
from ..models.sign_on_fields import ERASED
from ..selectors.invitations import invitable, known_addresses, to_remind

#: organisations in one list
MAX_INVITED = 5000


class NotInvitable(Conflict):
    default_message = _("Organisations can no longer sign this letter, so nobody can be invited or reminded.")


class NumberChanged(Conflict):
    default_message = _("The number has changed since you opened the page. Check who gets an email, then send them.")


@dataclass(frozen=True)
class InvitedOrganisation:
    """What the team knows of an organisation to invite; the form is filled in with it."""

    org_name: str
    email: str
    language: str
    country: str = ""
    org_website: str = ""
    person_name: str = ""


@transaction.atomic
def invitations_create(*, call: SignOnCall, actor: User, rows: Sequence[InvitedOrganisation]) -> list[Invitation]:
    """Invite each address once; their mails leave one by one, not before the letter can be read. Addresses that were
    invited before, have signed or want no mail are left out. A few statements, however many rows. Raises NotInvitable,
    DomainError."""
    call = _locked(call)
    if len(rows) > MAX_INVITED:
        message = _("At most %(most)s organisations are invited at a time. Divide the list.")
        raise DomainError(message % {"most": MAX_INVITED}, field="pasted")
    known = known_addresses(call, [row.email for row in rows])
    due = max([timezone.now(), call.opens_at, *([call.embargo_until] if call.embargo_until else [])])
    made: dict[str, Invitation] = {}
    for row in rows:
        found = lookup_hashes(row.email)[0]
        if found.digest not in known and found.digest not in made:
            made[found.digest] = Invitation(
                campaign=call.campaign, call=call, name_key=name_key(row.org_name), email_hash=found.digest,
                key_version=found.key_version, domain=_domain(row), invited_by=actor, mail_due_at=due, **vars(row),
            )  # fmt: skip
    invited = Invitation.objects.bulk_create(list(made.values()), batch_size=1000)
    if invited:
        audit_record(verb="invitations.create", subject=call, actor=actor, organisations=len(invited))
        wake("invitation_mails")
    return invited


@transaction.atomic
def invitations_remind(*, call: SignOnCall, actor: User, number: int, now: datetime | None = None) -> int:
    """Have those who are silent reminded by mail, each at most once within REMIND_AFTER. `number` is how many the
    reader saw. Returns it. Raises NotInvitable, NumberChanged."""
    call, now = _locked(call), now or timezone.now()
    ids = list(to_remind(call, now).order_by().values_list("pk", flat=True))
    if len(ids) != number or not ids:
        raise NumberChanged
    Invitation.objects.filter(pk__in=ids).update(mail_due_at=now, reminded_at=now, updated_at=now)
    audit_record(verb="invitations.remind", subject=call, actor=actor, organisations=len(ids))
    wake("invitation_mails")
    return len(ids)


def _domain(row: InvitedOrganisation) -> str:
    """By which it is recognised where it signs under another name; "" if anybody can have one there."""
    return own_domain(website_host(row.org_website)) or own_domain(mail_domain(row.email))


def _locked(call: SignOnCall) -> SignOnCall:
    """The call, locked, so that two people never mail the same organisations. Raises NotInvitable."""
    rows = SignOnCall.objects.select_for_update(of=("self",), no_key=True).select_related(
        "campaign", "letter", "version"
    )
    call = rows.defer("version__evidence").get(pk=call.pk)
    if not invitable(call):
        raise NotInvitable
    return call


def invitations_erase_by_address(hashes: Collection[str]) -> None:
    """Delete address, name of the person, why they declined, links and mails; the organisation's name and the state
    stay."""
    _empty(Invitation.objects.filter(email_hash__in=hashes))


def invitations_delete_expired(call: SignOnCall) -> int:
    """The same for all of a call whose retention is over. Returns how many."""
    return _empty(Invitation.objects.filter(call=call).exclude(email_hash__startswith=ERASED))


@transaction.atomic
def _empty(rows: QuerySet[Invitation]) -> int:
    ids = list(rows.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
    if not ids:
        return 0
    messages_erase(origin=INVITATION_ORIGIN, origin_ids=ids)
    InvitationToken.objects.filter(invitation__in=ids).delete()
    Invitation.objects.filter(pk__in=ids).update(
        email="", person_name="", domain="", decline_reason="", decline_note="",
        email_hash=Concat(Value(ERASED), Cast("pk", CharField())), mail_due_at=None,
        updated_at=timezone.now(),
    )  # fmt: skip
    return len(ids)
