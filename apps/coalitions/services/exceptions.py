"""Errors that signers read, and those of opening and closing a letter."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from apps.core.errors import Conflict, DomainError, NotAllowed

from ..models import SignOn

SIGNER: Final = "signer"


class CallClosed(Conflict):
    default_message = _("This letter is closed for signature. We did not keep what you entered.")


class NotForThisKind(Conflict):
    def __init__(self, kind: str) -> None:
        words = {
            SignOn.Kind.ORGANISATION: _("This letter is signed by people, not by organisations."),
            SignOn.Kind.PERSON: _("This letter is signed by organisations, not by people."),
        }
        super().__init__(words[SignOn.Kind(kind)])


class LinkUnknown(DomainError):
    default_message = _("The link may be incomplete, or its page was deleted. Copy the whole link from the email.")


class LinkExpired(DomainError):
    default_message = _("This link has expired, and we deleted what was entered. Fill in the form again to sign.")


class AlreadyConfirmed(Conflict):
    """The link was used, or another link of the same signer. `sign_on` is the confirmed signature, `typed` the address
    to which the link went."""

    default_message = _("This signature is already confirmed.")

    def __init__(self, sign_on: SignOn, *, by_another_link: bool = False, typed: str = "") -> None:
        super().__init__()
        self.sign_on, self.typed = sign_on, typed
        self.by_another_link = by_another_link


class DuplicateOrganisation(Conflict):
    def __init__(self, contact: str) -> None:
        message = _(
            "An organisation of this name and country has already signed this letter, and an organisation signs once. "
            "If a colleague signed, nothing more is needed. If not, write to %(contact)s."
        )
        super().__init__(message % {"contact": contact})


class DuplicatePerson(Conflict):
    default_message = _("Somebody has already signed this letter with your email address. One address can sign once.")


class RunningCall(Conflict):
    default_message = _("This letter is already open for signature. Close that first.")


class NewerVersion(Conflict):
    def __init__(self, number: int) -> None:
        message = _("Version %(number)s has been frozen since. Open that one: older versions can no longer be signed.")
        super().__init__(message % {"number": number})


class SignedBefore(Conflict):
    """An earlier version is signed, which a later one replaces only with a second person."""

    def __init__(self, version: int) -> None:
        message = _(
            "Version %(version)s has been signed. Propose the new one under “New version”: a second "
            "person agrees, and signers are told. Then reopen the letter."
        )
        super().__init__(message % {"version": version}, field="version")


class CallChanged(Conflict):
    default_message = _(
        "Somebody changed or closed this after you opened the page. What you entered is still below. Compare it with "
        "what is said now, then save again."
    )


class ReopenedLater(Conflict):
    default_message = _("The letter was opened again later. Reopen that one.")


class NothingToReplace(Conflict):
    default_message = _("No later version is frozen. Change the text, have it approved and freeze it first.")


class LetterAlreadySent(Conflict):
    default_message = _(
        "The letter has been sent to governments in the version that was signed. That cannot be changed: open the new "
        "version for signature by itself."
    )


class ReplacementProposed(Conflict):
    default_message = _("A new version is proposed already. Agree to it or cancel it first.")


class ReplacementDecided(Conflict):
    default_message = _("Somebody has decided this meanwhile, or a later version was frozen. Reload the page.")


class SecondPersonAgrees(NotAllowed):
    default_message = _("You proposed this, so another person has to agree.")


class SignersBusy(Conflict):
    default_message = _("Somebody is changing a signature right now. Try again in a moment.")


class TextReplaced(Conflict):
    """The text was replaced after the signer read it: they have to see what they sign."""

    default_message = _("The text was changed after you opened this page. Read what changed, then decide.")


class AnswerTimeOver(Conflict):
    default_message = _("The time to sign the new text is over. Your signature to the earlier text stays.")
