"""Stop and resume all sending, and adopt a database for live sending."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.core.audit import audit_record
from apps.core.errors import Conflict, DomainError
from apps.core.types import Actor
from apps.core.wakeups import wake

from ..models import Message, Policy, Switch
from ..selectors.kill_switch import database_identity, switch_read
from ..selectors.messages import messages_in_final, messages_waiting


def switch_kill(*, actor: Actor, reason: str) -> list[Message]:
    """Stop all sending. Returns messages in their last step, which may still arrive. Raises reason_missing."""
    if not reason.strip():
        raise DomainError(_("Say why you stop sending."), field="reason")
    with transaction.atomic():
        switch = _locked()
        switch.killed, switch.killed_at, switch.reason = True, timezone.now(), reason.strip()[:200]
        switch.killed_by_id = getattr(actor, "pk", None)
        switch.save(update_fields=["killed", "killed_at", "reason", "killed_by_id"])
        under_way = list(messages_in_final())
        audit_record(verb="switch.kill", subject=switch, actor=actor, in_final=[str(row.pk) for row in under_way])
        wake("notices")
    return under_way


def switch_release(*, actor: Actor) -> None:
    with transaction.atomic():
        switch = _locked()
        if not switch.killed:
            return
        switch.killed, switch.killed_at, switch.reason, switch.killed_by_id = False, None, "", None
        switch.save(update_fields=["killed", "killed_at", "reason", "killed_by_id"])
        audit_record(verb="switch.release", subject=switch, actor=actor)
        wake("postbox")
        wake("notices")


def switch_epoch_adopt(*, actor: Actor, not_sent: int, reason: str) -> None:
    """Declare that this database sends live: its epoch becomes POSTBOX_EPOCH.

    `not_sent` is the number of waiting letters, typed by somebody who checked that none has left from another copy.
    `reason` must not be empty, but is not stored: the audit log has no free text. Raises DomainError, Conflict.
    """
    if not settings.POSTBOX["EPOCH"]:
        raise DomainError(_("Set POSTBOX_EPOCH in the environment first, to a value that was never used before."))
    if not reason.strip():
        raise DomainError(_("Say how you know that no waiting letter was sent."), field="reason")
    with transaction.atomic():
        switch = _locked()
        waiting = messages_waiting(policy=Policy.ONCE).count() + messages_in_final().filter(policy=Policy.ONCE).count()
        if waiting != not_sent:
            problem = ngettext(
                "%(waiting)s letter waits in this database, not %(typed)s. Check it first.",
                "%(waiting)s letters wait in this database, not %(typed)s. Check them first.",
                waiting,
            )
            raise Conflict(problem % {"waiting": waiting, "typed": not_sent})
        switch.epoch, switch.database = str(settings.POSTBOX["EPOCH"]), database_identity()[0]
        switch.save(update_fields=["epoch", "database"])
        audit_record(verb="switch.epoch_adopt", subject=switch, actor=actor, waiting=waiting)


def _locked() -> Switch:
    switch_read()  # makes the row where it is missing
    return Switch.objects.select_for_update().get(pk=1)
