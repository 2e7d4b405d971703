"""What a fresh plan of a mailing says that the stored one does not, in sentences."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from apps.core.registries import merge_fields
from apps.core.text import joined
from apps.governments.models import Recipient

from ..models import Delivery, Dispatch, Exclusion
from .dispatch_plan import Plan, PlannedDelivery

Reason = Exclusion.Reason


def fields_named(keys: Iterable[str]) -> str:
    return joined(str(merge_fields[key].label) if key in merge_fields else key for key in keys)


def letters_changed(rows: Iterable[Delivery], plan: Plan) -> list[str]:
    """What a fresh plan says of these stored letters that differs, one sentence each."""
    stored = {row.recipient_id: row for row in rows}
    return _changes(stored, {pk: planned for pk, planned in _by_recipient(plan).items() if pk in stored}, plan)


def plan_changes(dispatch: Dispatch, plan: Plan) -> list[str]:
    """Differences between the stored plan and a fresh one, one sentence each."""
    return _changes({row.recipient_id: row for row in _stored(dispatch)}, _by_recipient(plan), plan)


def _by_recipient(plan: Plan) -> dict[int, PlannedDelivery]:
    return {planned.recipient.pk: planned for planned in plan.deliveries}


def _changes(stored: Mapping[int, Delivery], fresh: Mapping[int, PlannedDelivery], plan: Plan) -> list[str]:
    changes = [
        _("%(who)s would get the letter now") % {"who": _who(planned.recipient)}
        for pk, planned in fresh.items()
        if pk not in stored
    ]
    reasons = {left.recipient.pk: left for left in plan.exclusions if left.recipient}
    against = {left.member.pk: left for left in plan.exclusions if not left.recipient}
    for pk, row in stored.items():
        if pk not in fresh:
            left = reasons.get(pk) or against.get(row.member_id)
            why = Reason(left.reason).label if left else _("no longer among those written to")
            changes.append(_("%(who)s would be left out now: %(why)s") % {"who": _who(row.recipient), "why": why})
        elif what := _difference(row, fresh[pk]):
            changes.append(_("%(who)s, changed: %(what)s") % {"who": _who(row.recipient), "what": what})
    return changes


def _stored(dispatch: Dispatch) -> Iterable[Delivery]:
    return dispatch.deliveries.select_related("recipient__office__member", "address", "edition")


def _difference(row: Delivery, planned: PlannedDelivery) -> str:
    if row.address.address_hash != planned.address.address_hash:
        return _("address")
    if row.edition.sha256 != planned.edition.sha256:
        return _("text")
    old, new = row.envelope_values, planned.envelope
    return fields_named(key for key in sorted(old | new) if old.get(key) != new.get(key))


def _who(recipient: Recipient) -> str:
    return f"{recipient.office.member.name}, {recipient.post}"
