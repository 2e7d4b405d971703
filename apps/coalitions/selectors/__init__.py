"""Reads about calls, signatures and annexes. Whoever shows names takes them from here: visibility is obeyed here."""

from .annexes import annex_data, annex_outdated, latest_annex
from .calls import (
    call_in,
    calls_of,
    main_letter,
    newest_call,
    open_call,
    public_letter,
    state_counts,
    versions_to_open,
)
from .counts import SignatoryCounts, counts_cached, public_cache_key, signatory_counts
from .moderation import Check, checks_for, checks_of, names_seen_by, queue_of, sign_on_in, sign_ons_in
from .rolls import (
    CountryRoll,
    PublicRoll,
    Signatory,
    SignatoryRow,
    names_at_stake,
    public_roll_cached,
    shown_to_everybody,
    signatories_for_export,
    signatories_found,
    signatories_of_country,
    signatories_public,
)
from .tokens import held_by, own_signature, sign_on_by_link, token_hash

__all__ = [
    "Check",
    "CountryRoll",
    "PublicRoll",
    "Signatory",
    "SignatoryCounts",
    "SignatoryRow",
    "annex_data",
    "annex_outdated",
    "call_in",
    "calls_of",
    "checks_for",
    "checks_of",
    "counts_cached",
    "held_by",
    "latest_annex",
    "main_letter",
    "names_at_stake",
    "names_seen_by",
    "newest_call",
    "open_call",
    "own_signature",
    "public_cache_key",
    "public_letter",
    "public_roll_cached",
    "queue_of",
    "shown_to_everybody",
    "sign_on_by_link",
    "sign_on_in",
    "sign_ons_in",
    "signatories_for_export",
    "signatories_found",
    "signatories_of_country",
    "signatories_public",
    "signatory_counts",
    "state_counts",
    "token_hash",
    "versions_to_open",
]
