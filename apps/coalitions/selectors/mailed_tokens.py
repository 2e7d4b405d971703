"""Signatures by mailed token, and what their signer may download."""

from django.utils import timezone

from apps.core.text import name_key
from apps.core.tokens import token_hash
from apps.letters.selectors.editions import public_title

from ..models import EmailChange, PartnerSubmission, SignOn, SignOnToken
from ..models.sign_on_fields import DOWNLOADED
from .signature_log import signer_log


def sign_on_by_link(token: str, purpose: str) -> SignOnToken | None:
    related = [f"sign_on__{name}" for name in ("campaign", "call__version", "letter", "version", "organisation")]
    rows = SignOnToken.objects.filter(token_hash=token_hash(token), purpose=purpose).select_related(*related)
    return next(iter(rows), None)  # without LIMIT, as SignOnQuerySet.only_one


def email_change_by_link(token: str) -> EmailChange | None:
    """One that can still be confirmed."""
    related = [f"sign_on__{name}" for name in ("campaign", "call", "letter", "version", "organisation")]
    rows = EmailChange.objects.filter(token_hash=token_hash(token), expires_at__gt=timezone.now())
    return rows.select_related(*related).first()


def own_signature(sign_on: SignOn) -> SignOn | None:
    """What the same signer has confirmed to the text that this one would sign. It reveals nothing about others."""
    own = SignOn.objects.standing().covering(sign_on.current_version).of_signer(sign_on).exclude(pk=sign_on.pk).first()
    is_person = sign_on.kind == SignOn.Kind.PERSON
    return None if own is not None and is_person and not same_name(own, sign_on) else own


def same_name(one: SignOn, other: SignOn) -> bool:
    return name_key(one.person_name) == name_key(other.person_name)


def signature_data(token: SignOnToken) -> dict[str, object]:
    """Everything stored about the signature, for its signer, as values for JSON."""
    sign_on = token.sign_on
    return {
        "campaign": sign_on.campaign.name,
        "answerable": sign_on.campaign.data_controller,
        "letter": {"number": sign_on.letter.number, "title": public_title(sign_on.version, sign_on.language)},
        "text": {"version": sign_on.version.number, "sha256": sign_on.version.sha256},
        "versions_covered": [covered.version.number for covered in sign_on.covers.select_related("version")],
        "questions": [
            {"question": asked.question, "asked_at": asked.asked_at, "answer": asked.answer}
            for asked in sign_on.questions.all()
        ],
        "email_changes_asked_for": [
            {"email": change.email, "asked_at": change.created_at} for change in sign_on.email_changes.all()
        ],
        "entered_by_the_campaign": [
            {
                "came_by": row.came_by,
                "given_on": row.given_on,
                "entered_at": row.entered_at,
                "note": row.note,
                "accepted_on_evidence_at": row.accepted_at,
            }
            for row in sign_on.collected.all()
        ],
        "sent_through_the_form_of": list(
            PartnerSubmission.objects.filter(sign_on=sign_on).values_list("partner", flat=True)
        ),
        "told_of_changes": [
            {"version": told.replacement.after.number, "mailed_at": told.mailed_at, "answer": told.answer}
            for told in sign_on.notices.select_related("replacement__after").order_by("id")
        ],
        "log": signer_log(sign_on),
        "signature": {name: getattr(sign_on, name) for name in DOWNLOADED} | _visible_state(sign_on),
    }


def _visible_state(sign_on: SignOn) -> dict[str, str]:
    """State and moderation, without revealing that the signature is held back."""
    if not sign_on.held_back:
        return {}
    moderation = SignOn.Moderation
    shown = sign_on.moderation if sign_on.moderation in {moderation.ACCEPTED, moderation.ASKED} else moderation.WAITING
    if not sign_on.needs_check and shown == moderation.WAITING:
        shown = moderation.ACCEPTED
    return {"state": SignOn.State.CONFIRMED.value, "moderation": SignOn.Moderation(shown).value}
