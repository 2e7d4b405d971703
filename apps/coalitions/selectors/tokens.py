"""Finding a signature by the link that was mailed for it."""

import hashlib

from apps.letters.selectors import public_title

from ..models import SignOnToken


def token_hash(token: str) -> str:
    """What is stored of a token: its sha256. Tokens are 256 random bits, so a plain hash cannot be reversed."""
    return hashlib.sha256(token.encode()).hexdigest()


def sign_on_by_link(token: str, purpose: str) -> SignOnToken | None:
    """The token's row with signature, call, letter and version; None where there is none for that purpose."""
    return (
        SignOnToken.objects.filter(token_hash=token_hash(token), purpose=purpose)
        .select_related("sign_on__campaign", "sign_on__call", "sign_on__letter", "sign_on__version")
        .first()
    )


def held_by(token: SignOnToken) -> dict[str, object]:
    """Everything held about the signature, for its signer: plain values for JSON. The address is decrypted."""
    sign_on = token.sign_on
    fields = (
        "kind", "state", "moderation", "visibility", "org_name", "org_name_english", "org_acronym", "org_kind",
        "org_website", "org_members", "country", "display_name", "person_name", "person_post", "email",
        "authorised", "authority_verified", "wants_answers", "wants_letters", "language", "created_at",
        "updated_at", "confirmed_at", "withdrawn_at", "moderation_reason",
    )  # fmt: skip
    return {
        "campaign": sign_on.campaign.name,
        "answerable": sign_on.campaign.data_controller,
        "letter": {"number": sign_on.letter.number, "title": public_title(sign_on.version, sign_on.language)},
        "text": {"version": sign_on.version.number, "sha256": sign_on.version.sha256},
        "versions_covered": [covered.version.number for covered in sign_on.covers.select_related("version")],
        "signature": {name: getattr(sign_on, name) for name in fields},
    }
