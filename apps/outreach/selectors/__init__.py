"""Reads of outreach: who may act, the plan of a dispatch, dispatches with their deliveries and replies."""

from .dispatch_plan import Plan, address_key, changes_in_short, dispatch_plan, once_key, plan_changes
from .dispatches import (
    ReadyVersion,
    annex_changes,
    campaign_deliveries,
    campaign_dispatches,
    campaign_mails,
    campaign_replies,
    deliveries_waiting,
    dispatch_deliveries,
    dispatch_summaries,
    has_begun,
    has_ended,
    mail_delivery,
    unusable,
    versions_ready,
    versions_to_send,
)
from .permissions import has_permission, possible_authorisers

__all__ = [
    "Plan",
    "ReadyVersion",
    "address_key",
    "annex_changes",
    "campaign_deliveries",
    "campaign_dispatches",
    "campaign_mails",
    "campaign_replies",
    "changes_in_short",
    "deliveries_waiting",
    "dispatch_deliveries",
    "dispatch_plan",
    "dispatch_summaries",
    "has_begun",
    "has_ended",
    "has_permission",
    "mail_delivery",
    "once_key",
    "plan_changes",
    "possible_authorisers",
    "unusable",
    "versions_ready",
    "versions_to_send",
]
