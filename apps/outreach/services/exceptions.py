"""Expected errors of mailings."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apps.core.errors import Conflict, DomainError, NotAllowed


class SecondPersonNeeded(NotAllowed):
    default_message = _("Nothing was sent. You prepared this mailing, so another person has to authorise it.")


class NotEntitled(NotAllowed):
    default_message = _("Your role in this campaign does not allow this. A coordinator can change that.")


class NumberDiffers(DomainError):
    def __init__(self, letters: int) -> None:
        super().__init__(
            ngettext(
                "This mailing has %(n)d letter. Check who gets what, then type %(n)d.",
                "This mailing has %(n)d letters. Check who gets what, then type %(n)d.",
                letters,
            )
            % {"n": letters},
            field="typed_count",
        )


class PlanChanged(Conflict):
    """Who gets what changed after the person saw it. `changes` says what."""

    def __init__(self, changes: str) -> None:
        super().__init__(
            _("Nothing was sent: the list has changed since you saw it. %(changes)s. Update the list and check it.")
            % {"changes": changes}
        )


class DispatchClosed(Conflict):
    def __init__(self, state: str) -> None:
        super().__init__(_("This mailing has changed. Its state now: %(state)s. Reload the page.") % {"state": state})


class DispatchOverdue(Conflict):
    default_message = _("The time to authorise this mailing has passed. Nothing was sent; prepare a new one.")


class StartPassed(DomainError):
    default_message = _("This time has passed. Choose a later one, or leave it empty to send at once when authorised.")


class EndsTooEarly(DomainError):
    default_message = _("The mailing would end before it can begin. Choose a later end, or leave it empty.")


class ScheduleMissed(Conflict):
    default_message = _("Nothing was sent: the time at which it was to be sent has passed. Choose another time first.")


class ChangedWhilePaused(Conflict):
    """Letters left, and what is left to send would now be other letters. `changes` says what."""

    def __init__(self, changes: str) -> None:
        super().__init__(
            _(
                "Nothing was resumed: the list has changed since the mailing was authorised. %(changes)s. Cancel this "
                "mailing, then prepare another one. Those who have the letter do not get it again."
            )
            % {"changes": changes}
        )


class NotHeldBack(Conflict):
    default_message = _("This government is not held back any more. Update the list of the mailing and check it.")


class NothingToRepeat(Conflict):
    default_message = _("No letter of this mailing can be sent again now: no address was corrected.")


class NothingToSend(DomainError):
    default_message = _(
        "There is no letter to send: every recipient is left out. Correct the reasons, then update the list."
    )


class TextReplaced(Conflict):
    default_message = _(
        "Nothing was sent: a later version of this letter is signed now. Prepare a mailing with that version."
    )
