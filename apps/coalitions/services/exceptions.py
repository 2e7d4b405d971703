"""Why a form or a link is refused, in the words its signer reads."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from apps.core.errors import Conflict, DomainError

from ..models import SignOn

SIGNER: Final = "signer"


class CallClosed(Conflict):
    def __init__(self) -> None:
        super().__init__(_("This letter is closed for signature. We did not keep what you entered."))


class NotForThisKind(DomainError):
    def __init__(self, kind: str) -> None:
        words = {
            SignOn.Kind.ORGANISATION: _("This letter is signed by people, not by organisations."),
            SignOn.Kind.PERSON: _("This letter is signed by organisations, not by people."),
        }
        super().__init__(words[SignOn.Kind(kind)])


class LinkUnknown(DomainError):
    def __init__(self) -> None:
        super().__init__(
            _("The link may be incomplete, or what it led to was deleted. Copy the whole link from the email.")
        )


class LinkExpired(DomainError):
    def __init__(self) -> None:
        super().__init__(_("This link has expired, and we deleted what was entered. Fill in the form again to sign."))


class AlreadyConfirmed(Conflict):
    """The link was used, or another link to the same signer's same signature. `sign_on` is what stands."""

    def __init__(self, sign_on: SignOn, *, by_another_link: bool = False) -> None:
        super().__init__(_("This signature is already confirmed."))
        self.sign_on = sign_on
        self.by_another_link = by_another_link


class DuplicateOrganisation(Conflict):
    def __init__(self, contact: str) -> None:
        super().__init__(
            _(
                "An organisation of this name and country has already signed this letter, and an organisation signs "
                "once. If a colleague signed, nothing more is needed. If not, write to %(contact)s."
            )
            % {"contact": contact}
        )


class DuplicatePerson(Conflict):
    def __init__(self) -> None:
        super().__init__(
            _("Somebody has already signed this letter with your email address. One address can sign once.")
        )
