"""Prepare a mailing: store who gets what, and send nothing but tests."""

import json
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.campaigns.roles import Permission
from apps.campaigns.selectors import has_permission
from apps.coalitions.models import Annex
from apps.core.audit import audit_record
from apps.core.errors import DomainError
from apps.core.site_url import site_url
from apps.core.wakeups import wake
from apps.governments.models import Member
from apps.letters.models import LetterVersion
from apps.postbox.models import Message, Policy
from apps.postbox.services.queue import message_queue
from apps.postbox.transports.email_addresses import address_header

from ..letter_rendering import dispatch_enclosure, render_letter
from ..models import Delivery, Dispatch, Exclusion
from ..selectors.dispatch_criteria import Criteria, stances_held_back
from ..selectors.dispatch_plan import Plan, PlannedDelivery, dispatch_plan, plan_again
from ..sending_terms import Terms
from .exceptions import DispatchClosed, EndsTooEarly, NotEntitled, NotHeldBack, StartPassed


@transaction.atomic
def dispatch_prepare(
    *, version: LetterVersion, actor: User, criteria: Criteria | None = None, addendum: Annex | None = None,
    terms: Terms | None = None,
) -> Dispatch:  # fmt: skip
    """Store who of those who meet the criteria gets this version, and who does not. With an `addendum` to its list, who
    gets that, with a covering note. Raises NotEntitled, StartPassed, EndsTooEarly."""
    campaign = version.letter.campaign
    if not has_permission(campaign, actor, Permission.PREPARE):
        raise NotEntitled
    criteria, terms, now = criteria or Criteria(), terms or Terms(), timezone.now()
    terms_check(terms, now)
    plan = dispatch_plan(campaign=campaign, version=version, criteria=criteria, addendum=addendum, terms=terms)
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
        criteria=criteria.stored,
        expires_at=terms.expiry(now),
        **terms.values,
    )
    _write(dispatch, plan)
    _audit("dispatch.prepare", dispatch, plan, actor)
    wake("notices")
    return dispatch


@transaction.atomic
def dispatch_recompute(*, dispatch: Dispatch, actor: User) -> Dispatch:
    """Apply the criteria again, to the recipients and addresses of now. Raises NotEntitled, DispatchClosed."""
    locked = _prepared(dispatch, actor)
    _audit("dispatch.recompute", locked, _plan_anew(locked), actor)
    return locked


@transaction.atomic
def dispatch_send_despite(*, dispatch: Dispatch, actor: User, member: Member, reason: str) -> Dispatch:
    """Let a government have the frozen letter although its position has changed since; another person authorises it,
    and reads why. Raises NotEntitled, DispatchClosed, NotHeldBack, DomainError."""
    if not reason.strip():
        raise DomainError(_("Say why the letter is still right. Whoever authorises it reads that."), field="reason")
    locked = _prepared(dispatch, actor)
    criteria = Criteria.of(locked.criteria)
    change = stances_held_back(locked.version, locked.campaign, criteria).get(member.code)
    if change is None:
        raise NotHeldBack
    decided = (*criteria.despite_stance, member.code)
    locked.criteria, locked.terms_set_by = replace(criteria, despite_stance=decided).stored, actor
    locked.save(update_fields=["criteria", "terms_set_by", "updated_at"])
    audit_record(
        verb="dispatch.send_despite", subject=locked, actor=actor, member=member.code, reason=reason.strip(),
        before=change.before, now=change.now, plan=_plan_anew(locked).sha256,
    )  # fmt: skip
    return locked


def _plan_anew(dispatch: Dispatch) -> Plan:
    """Replace the letters of a locked mailing by those that its criteria give now."""
    plan = plan_again(dispatch)
    dispatch.deliveries.all().delete()
    dispatch.exclusions.all().delete()
    dispatch.plan, dispatch.planned_at = plan.sha256, timezone.now()
    dispatch.save(update_fields=["plan", "planned_at", "updated_at"])
    _write(dispatch, plan)
    return plan


@transaction.atomic
def dispatch_set_terms(*, dispatch: Dispatch, actor: User, terms: Terms) -> Dispatch:
    """Change when and how the letters leave, before somebody else authorises it. Raises NotEntitled,
    DispatchClosed, StartPassed, EndsTooEarly."""
    locked, now = _prepared(dispatch, actor), timezone.now()
    terms_check(terms, now)
    for name, value in terms.values.items():
        setattr(locked, name, value)
    locked.expires_at, locked.planned_at, locked.terms_set_by = terms.expiry(now), now, actor
    plan = plan_again(locked)
    locked.deliveries.all().delete()
    locked.exclusions.all().delete()
    locked.plan = plan.sha256
    locked.save()
    _write(locked, plan)
    _audit("dispatch.set_terms", locked, plan, actor)
    return locked


def terms_check(terms: Terms, now: datetime) -> None:
    """Raises StartPassed, EndsTooEarly."""
    if terms.send_at and terms.send_at <= now:
        raise StartPassed(field="send_day")
    if terms.ends_at and terms.ends_at <= max(now, terms.send_at or now):
        raise EndsTooEarly(field="ends_day")


def _prepared(dispatch: Dispatch, actor: User) -> Dispatch:
    if not has_permission(dispatch.campaign, actor, Permission.PREPARE):
        raise NotEntitled
    locked = dispatch_locked(dispatch)
    if locked.state != Dispatch.State.PREPARED:
        raise DispatchClosed(locked.get_state_display())
    return locked


def dispatch_locked(dispatch: Dispatch) -> Dispatch:
    """The row, locked until the transaction ends; rows may still refer to it."""
    return (
        Dispatch.objects.select_for_update(no_key=True, of=("self",))
        .select_related("campaign", "letter", "version", "addendum")
        .get(pk=dispatch.pk)
    )


def _write(dispatch: Dispatch, plan: Plan) -> None:
    letters = Delivery.objects.bulk_create(
        _delivery(dispatch, planned) for planned in plan.deliveries if planned.copy_of is None
    )
    made = {row.recipient_id: row for row in letters}
    Delivery.objects.bulk_create(
        _delivery(dispatch, planned, made[planned.copy_of.recipient.pk])
        for planned in plan.deliveries
        if planned.copy_of is not None
    )
    Exclusion.objects.bulk_create(
        Exclusion(
            dispatch=dispatch, member=left.member, recipient=left.recipient, reason=left.reason, detail=left.detail
        )
        for left in plan.exclusions
    )


def _delivery(dispatch: Dispatch, planned: PlannedDelivery, copy_of: Delivery | None = None) -> Delivery:
    return Delivery(
        dispatch=dispatch,
        member=planned.member,
        recipient=planned.recipient,
        address=planned.address,
        edition=planned.edition,
        language=planned.language,
        envelope=json.dumps(planned.envelope, ensure_ascii=False, sort_keys=True),
        is_copy=copy_of is not None,
        copy_of=copy_of,
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
        terms=Terms.of(dispatch).record,
    )


@transaction.atomic
def dispatch_test_send(*, dispatch: Dispatch, actor: User, delivery: Delivery) -> Message:
    """Mail the letter of `delivery` to `actor` as a test. Raises NotEntitled, DispatchClosed, MissingValue."""
    locked = _prepared(dispatch, actor)
    preview = reverse("outreach:delivery_pdf", args=[locked.campaign.slug, locked.pk, delivery.pk])
    letter = render_letter(delivery, dispatch_enclosure(locked), link=site_url(preview) if locked.pdf_linked else "")
    message = message_queue(
        kind="test",
        policy=Policy.REPEATABLE,
        to_address=actor.email,
        from_header=address_header(locked.sender_name, locked.sender_address),
        envelope_from=locked.sender_address,
        subject=f"[Test] {letter.subject}",
        text_body=letter.text,
        html_body=letter.html,
        attachments=letter.attachments,
        origin="outreach.test",
        origin_id=str(delivery.pk),
        campaign_id=locked.campaign_id,
        language=delivery.language,
    )
    locked.tested_at = timezone.now()
    locked.save(update_fields=["tested_at", "updated_at"])
    audit_record(verb="dispatch.test", subject=locked, actor=actor, recipient=delivery.recipient_id)
    return message
