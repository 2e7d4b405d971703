"""Organisations that are invited to sign, and the tokens in their mails."""

import json
from datetime import timedelta
from typing import Any

from apps.coalitions.models import INVITATION_ORIGIN, Invitation, SignOnCall
from apps.coalitions.services.invitation_mails import invitation_mails_send
from apps.coalitions.services.invitations import InvitedOrganisation, invitations_create
from apps.postbox.models import Message
from apps.postbox.services.composing import message_compose
from tests.factories.outreach import move_messages


def invited(call: SignOnCall, by: Any, email: str = "o.were@kdrf.example", **extra: Any) -> Invitation:
    """Invited, and its mail queued."""
    values = {"org_name": "Kisumu Data Rights Forum", "language": "en", "country": "KE", **extra}
    [invitation] = invitations_create(call=call, actor=by, rows=[InvitedOrganisation(email=email, **values)])
    invitation_mails_send()
    invitation.refresh_from_db()
    return invitation


def delivered(call: SignOnCall, by: Any, email: str = "o.were@kdrf.example", **extra: Any) -> Invitation:
    """Its mail has left."""
    invitation = invited(call, by, email, **extra)
    move_messages(Message.objects.filter(pk=invitation.message_id), "accepted")
    return invitation


def invitation_mails() -> list[Message]:
    """Invitations and reminders in the postbox, oldest first, as they would leave now."""
    found = list(Message.objects.filter(origin=INVITATION_ORIGIN).order_by("created_at"))
    for message in found:
        message_compose(message=message)
    return found


def invitation_token(invitation: Invitation) -> str:
    """That of the links in the last mail."""
    invitation.refresh_from_db()
    assert invitation.message
    return str(json.loads(invitation.message.composer_values)["token"])


def days_pass(days: float) -> None:
    """So much later: what was mailed then was mailed so long ago."""
    for row in Invitation.objects.exclude(mailed_at=None):
        assert row.mailed_at
        row.mailed_at -= timedelta(days=days)
        row.save(update_fields=["mailed_at"])
