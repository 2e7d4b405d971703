"""Prepare a mailing: store who gets what, and send nothing but tests."""

import json
from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.campaigns.roles import Permission
from apps.campaigns.selectors import has_permission
from apps.coalitions.models import Annex
from apps.core.audit import audit_record
from apps.core.wakeups import wake
from apps.governments.models import Member
from apps.letters.models import LetterVersion
from apps.postbox.models import Message, Policy
from apps.postbox.services.queue import message_queue
from apps.postbox.transports.email_addresses import address_header

from ..letter_rendering import dispatch_enclosure, render_letter
from ..models import Delivery, Dispatch, Exclusion
from ..selectors.dispatch_plan import Plan, dispatch_plan
from .exceptions import DispatchClosed, NotEntitled

#: to be authorised, and then again to leave
TIME_TO_ACT = timedelta(hours=48)


@transaction.atomic
def dispatch_prepare(
    *, version: LetterVersion, actor: User, members: Iterable[Member] | None = None, addendum: Annex | None = None
) -> Dispatch:
    """Store who gets this version and who does not; `members` limits it to some governments. With an `addendum` to its
    list, who gets that, with a covering note. Raises NotEntitled."""
    campaign = version.letter.campaign
    if not has_permission(campaign, actor, Permission.PREPARE):
        raise NotEntitled
    chosen = list(members or ())
    plan = dispatch_plan(campaign=campaign, version=version, chosen=chosen, addendum=addendum)
    now = timezone.now()
    dispatch = Dispatch.objects.create(
        campaign=campaign,
        letter=version.letter,
        version=version,
        addendum=addendum,
        plan=plan.sha256,
        planned_at=now,
        sender_name=campaign.sender_name,
        sender_address=campaign.sender_address,
        prepared_by=actor,
        prepared_at=now,
        expires_at=now + TIME_TO_ACT,
    )
    dispatch.chosen.set(chosen)
    _write(dispatch, plan)
    _audit("dispatch.prepare", dispatch, plan, actor)
    wake("notices")
    return dispatch


@transaction.atomic
def dispatch_recompute(*, dispatch: Dispatch, actor: User) -> Dispatch:
    """Update the plan with the recipients and addresses of now. Raises NotEntitled, DispatchClosed."""
    if not has_permission(dispatch.campaign, actor, Permission.PREPARE):
        raise NotEntitled
    locked = dispatch_locked(dispatch)
    if locked.state != Dispatch.State.PREPARED:
        raise DispatchClosed(locked.get_state_display())
    plan = dispatch_plan(
        campaign=locked.campaign, version=locked.version, chosen=locked.chosen.all(), addendum=locked.addendum
    )
    locked.deliveries.all().delete()
    locked.exclusions.all().delete()
    locked.plan, locked.planned_at = plan.sha256, timezone.now()
    locked.save(update_fields=["plan", "planned_at", "updated_at"])
    _write(locked, plan)
    _audit("dispatch.recompute", locked, plan, actor)
    return locked


def dispatch_locked(dispatch: Dispatch) -> Dispatch:
    """The row, locked until the transaction ends; rows may still refer to it."""
    return (
        Dispatch.objects.select_for_update(no_key=True, of=("self",))
        .select_related("campaign", "letter", "version", "addendum")
        .get(pk=dispatch.pk)
    )


def _write(dispatch: Dispatch, plan: Plan) -> None:
    Delivery.objects.bulk_create(
        Delivery(
            dispatch=dispatch,
            member=planned.member,
            recipient=planned.recipient,
            address=planned.address,
            edition=planned.edition,
            language=planned.language,
            envelope=json.dumps(planned.envelope, ensure_ascii=False, sort_keys=True),
        )
        for planned in plan.deliveries
    )
    Exclusion.objects.bulk_create(
        Exclusion(
            dispatch=dispatch, member=left.member, recipient=left.recipient, reason=left.reason, detail=left.detail
        )
        for left in plan.exclusions
    )


def _audit(verb: str, dispatch: Dispatch, plan: Plan, actor: User) -> None:
    audit_record(
        verb=verb,
        subject=dispatch,
        actor=actor,
        version=dispatch.version_id,
        plan=plan.sha256,
        letters=len(plan.deliveries),
        left_out=len(plan.exclusions),
    )


@transaction.atomic
def dispatch_test_send(*, dispatch: Dispatch, actor: User, delivery: Delivery) -> Message:
    """Mail the letter of `delivery` to `actor` as a test. Raises NotEntitled, DispatchClosed, MissingValue."""
    if not has_permission(dispatch.campaign, actor, Permission.PREPARE):
        raise NotEntitled
    locked = dispatch_locked(dispatch)
    if locked.state != Dispatch.State.PREPARED:
        raise DispatchClosed(locked.get_state_display())
    letter = render_letter(delivery, dispatch_enclosure(locked))
    message = message_queue(
        kind="test",
        policy=Policy.REPEATABLE,
        to_address=actor.email,
        from_header=address_header(locked.sender_name, locked.sender_address),
        envelope_from=locked.sender_address,
        subject=f"[Test] {letter.subject}",
        text_body=letter.text,
        html_body=letter.html,
        attachments=[(letter.filename, "application/pdf", letter.pdf)],
        origin="outreach.test",
        origin_id=str(delivery.pk),
        campaign_id=locked.campaign_id,
        language=delivery.language,
    )
    locked.tested_at = timezone.now()
    locked.save(update_fields=["tested_at", "updated_at"])
    audit_record(verb="dispatch.test", subject=locked, actor=actor, recipient=delivery.recipient_id)
    return message
