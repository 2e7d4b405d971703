"""Reads about calls, signatures and annexes. Whoever shows names takes them from here: visibility is obeyed here."""

from .annexes import annex_data, annex_outdated, latest_annex
from .calls import (
    calls_of,
    departure_of,
    is_on_sent_list,
    main_letter,
    newest_call,
    open_call,
    public_call,
    state_counts,
    versions_to_open,
)
from .counts import SignatoryCounts, counts_cached, public_cache_key, signatory_counts
from .sign_ons import duplicate_of, moderation_queue, names_visible_to, possible_duplicates, sign_ons_in
from .signatory_lists import (
    CountryRoll,
    PublicRoll,
    Signatory,
    names_at_stake,
    public_ids,
    public_roll_cached,
    signatories_for_export,
    signatories_found,
    signatories_of_country,
    signatories_public,
)
from .tokens import held_by, own_signature, sign_on_by_link

__all__ = [
    "CountryRoll",
    "PublicRoll",
    "Signatory",
    "SignatoryCounts",
    "annex_data",
    "annex_outdated",
    "calls_of",
    "counts_cached",
    "departure_of",
    "duplicate_of",
    "held_by",
    "is_on_sent_list",
    "latest_annex",
    "main_letter",
    "moderation_queue",
    "names_at_stake",
    "names_visible_to",
    "newest_call",
    "open_call",
    "own_signature",
    "possible_duplicates",
    "public_cache_key",
    "public_call",
    "public_ids",
    "public_roll_cached",
    "sign_on_by_link",
    "sign_ons_in",
    "signatories_for_export",
    "signatories_found",
    "signatories_of_country",
    "signatories_public",
    "signatory_counts",
    "state_counts",
    "versions_to_open",
]
