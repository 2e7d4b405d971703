"""Consents to later mail, as the signer gave and withdrew them, with the sentence that was shown."""

from django.utils import timezone
from django.utils.translation import get_language

from ..models import SignOn
from ..models.sign_on_fields import CONSENTS


def consents_note(sign_on: SignOn) -> None:
    """Bring the record of consents in step with what is ticked, in the language of the form. The row is not saved."""
    now = timezone.now().isoformat()
    standing = {entry["field"]: entry for entry in sign_on.consents if not entry["withdrawn_at"]}
    for field in CONSENTS:
        ticked, entry = getattr(sign_on, field.name), standing.get(field.name)
        if entry and not ticked:
            entry["withdrawn_at"] = now
        if ticked and not entry:
            sign_on.consents.append({
                "field": field.name, "wording": field.wording, "sentence": str(field.label),
                "language": get_language(), "given_at": now, "withdrawn_at": None,
            })  # fmt: skip


def consents_withdraw(sign_on: SignOn) -> None:
    """Withdraw all of them. The row is not saved."""
    for field in CONSENTS:
        setattr(sign_on, field.name, False)
    consents_note(sign_on)


def consents_replace(earlier: SignOn, later: SignOn) -> None:
    """End those of the earlier signature where the same signer filled in the form again. Neither row is saved."""
    consents_withdraw(earlier)
    later.consents = [*earlier.consents, *later.consents]
