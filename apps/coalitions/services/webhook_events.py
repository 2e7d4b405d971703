"""What webhooks are told of signatures: that one counts, by its id and the text that it covers. No name, no country: a
receiver asks the API, which knows what may be shown at that moment."""

from apps.webhooks.models import EventKind
from apps.webhooks.services.recording import webhook_event_record

from ..models import SignOn


def sign_on_confirmed_record(sign_on: SignOn) -> None:
    """In the caller's transaction, after the row was saved. Nothing for one that is held back."""
    if sign_on.state == SignOn.State.CONFIRMED:
        webhook_event_record(
            campaign=sign_on.campaign,
            kind=EventKind.SIGN_ON_CONFIRMED,
            key=sign_on.pk,
            data=lambda: {
                "kind": sign_on.kind,
                "letter": sign_on.call.letter.number,
                "version": sign_on.version.number,
                "sha256": sign_on.version.sha256,
            },
        )
