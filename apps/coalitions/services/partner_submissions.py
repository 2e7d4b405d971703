"""Forms that partners' own sites send through the API, for the people who filled them in."""

import time

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from apps.campaigns.models import ApiToken
from apps.core.errors import Conflict, DomainError
from apps.core.interface_languages import interface_language
from apps.core.rate_limit import within_limit
from apps.letters.models import LetterVersion

from ..models import PartnerSubmission, SignOn, SignOnCall
from .submission import Submitted, sign_on_submit, submission_admit

HOUR = 3600


class TooManyPartnerForms(DomainError):
    status = 429
    default_message = _(
        "Too many forms came with this token within an hour. Send this form again in the next hour. Operators can "
        "raise the limit."
    )

    @property
    def wait(self) -> int:
        """Seconds until forms are taken again."""
        return HOUR - int(time.time()) % HOUR


class SignedVersionDiffers(Conflict):
    """The person saw another text than the one that is signed, which is `version`."""

    def __init__(self, version: LetterVersion) -> None:
        message = _(
            "This letter is signed in version %(number)s, with the fingerprint %(sha256)s. Show the person that text, "
            "then send the form again with that fingerprint."
        )
        super().__init__(message % {"number": version.number, "sha256": version.sha256}, field="sha256")
        self.version = version


def partner_form_admit(*, token: ApiToken, signer_ip: str) -> None:
    """Count a form from the partner's server, whose own network address says nothing about who signs: the limit is the
    token's, and where the partner passes on the address of the person, also that of the public form. Raises
    TooManyPartnerForms, TooManyForms."""
    if signer_ip:
        submission_admit(ip=signer_ip)
    if not within_limit(f"coalitions:partner-forms:{token.pk}", settings.API_FORMS_PER_HOUR, seconds=HOUR):
        raise TooManyPartnerForms


@transaction.atomic
def partner_sign_on_submit(*, call: SignOnCall, typed: SignOn, sha256: str, token: ApiToken) -> Submitted:
    """`sign_on_submit` for a form that another site showed, with the fingerprint of the text that the person saw.
    Consents are recorded in the language of `typed`. Raises SignedVersionDiffers, CallClosed, NotForThisKind."""
    if sha256 != call.version.sha256:
        raise SignedVersionDiffers(call.version)
    typed.language = interface_language(typed.language)
    with translation.override(typed.language):
        submitted = sign_on_submit(call=call, typed=typed)
    # under the lock of the form nobody replaces the text; before it, somebody may have
    now = LetterVersion.objects.defer("evidence").get(calls=call)
    if now.pk != call.version_id:
        raise SignedVersionDiffers(now)
    if submitted.sign_on is typed:
        PartnerSubmission.objects.create(sign_on=typed, token=token, partner=token.name)
    return submitted
