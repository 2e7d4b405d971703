"""What may go wrong with a dispatch, in words for the person who tries."""

from django.utils.translation import gettext_lazy as _

from apps.core.errors import Conflict, DomainError, NotAllowed


class SecondPersonNeeded(NotAllowed):
    """The person who prepared a dispatch also tried to authorise it."""

    def __init__(self) -> None:
        super().__init__(_("You prepared this dispatch. Another person has to authorise it; nothing was sent."))


class NotEntitled(NotAllowed):
    """The person's role in the campaign does not include this act."""

    def __init__(self) -> None:
        super().__init__(_("Your role in this campaign does not include this. A coordinator can change that."))


class NumberDiffers(DomainError):
    """The number that was typed is not the number of letters."""

    def __init__(self, letters: int) -> None:
        super().__init__(
            _("The dispatch has another number of letters: %(n)d. Look at who gets what, then type that number.")
            % {"n": letters},
            field="typed_count",
        )


class PlanChanged(Conflict):
    """Between the look and the act, something changed about who gets what. `changes` says what."""

    def __init__(self, changes: str) -> None:
        super().__init__(
            _("Nothing was sent: who gets what has changed since you looked. %(changes)s. Update the list and check.")
            % {"changes": changes}
        )


class DispatchClosed(Conflict):
    """The dispatch is no longer in the state that the act needs."""

    def __init__(self, state: str) -> None:
        super().__init__(
            _("This dispatch is already in the state “%(state)s”. Reload the page to see it.")
            % {"state": state.lower()}
        )


class DispatchOverdue(Conflict):
    """Nobody authorised it in time."""

    def __init__(self) -> None:
        super().__init__(_("The time to authorise this dispatch has passed. Nothing was sent; prepare a new one."))


class NothingToSend(DomainError):
    """Every recipient is left out."""

    def __init__(self) -> None:
        super().__init__(_("There is no letter to send: everybody is left out. Correct one, then update the list."))
