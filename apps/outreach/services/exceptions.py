"""Expected errors of mailings."""

from django.utils.translation import gettext_lazy as _

from apps.core.errors import Conflict, DomainError, NotAllowed


class SecondPersonNeeded(NotAllowed):
    default_message = _("You prepared this mailing. Another person has to authorise it; nothing was sent.")


class NotEntitled(NotAllowed):
    default_message = _("Your role in this campaign does not include this. A coordinator can change that.")


class NumberDiffers(DomainError):
    def __init__(self, letters: int) -> None:
        super().__init__(
            _("The mailing has another number of letters: %(n)d. Look at who gets what, then type that number.")
            % {"n": letters},
            field="typed_count",
        )


class PlanChanged(Conflict):
    """Who gets what changed between the look and the authorisation. `changes` says what."""

    def __init__(self, changes: str) -> None:
        super().__init__(
            _("Nothing was sent: who gets what has changed since you looked. %(changes)s. Update the list and check.")
            % {"changes": changes}
        )


class DispatchClosed(Conflict):
    def __init__(self, state: str) -> None:
        super().__init__(
            _("This mailing is already in the state “%(state)s”. Reload the page to see it.") % {"state": state.lower()}
        )


class DispatchOverdue(Conflict):
    default_message = _("The time to authorise this mailing has passed. Nothing was sent; prepare a new one.")


class NothingToSend(DomainError):
    default_message = _("There is no letter to send: everybody is left out. Correct one, then update the list.")
