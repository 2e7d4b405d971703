"""Which letter a mail that matches none may answer. A guess only: a person decides."""

from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from apps.campaigns.models import Campaign
from apps.core.encryption import UnreadableValue
from apps.postbox.inbound.phrase_matching import fold
from apps.postbox.inbound.quoted_text import shorten
from apps.postbox.models import InboundMail

from ..models import Delivery
from .dispatches import deliveries_left

MAX_GUESSES = 5
#: lines shorter than this are in many letters
MIN_QUOTED = 40


class Sign(TextChoices):
    """Why a letter is guessed, the surest first."""

    MESSAGE_ID = "message_id", _("It names the letter’s Message-ID.")
    ADDRESS = "address", _("It comes from the address that the letter went to.")
    NAMED = "named", _("It names the address that the letter went to.")
    DOMAIN = "domain", _("It comes from the same domain.")
    QUOTE = "quote", _("It quotes the letter.")
    SUBJECT = "subject", _("It has the letter’s subject.")


WEIGHTS = {Sign.MESSAGE_ID: 16, Sign.ADDRESS: 10, Sign.NAMED: 9, Sign.DOMAIN: 6, Sign.QUOTE: 4, Sign.SUBJECT: 2}


@dataclass(frozen=True)
class Guess:
    delivery: Delivery
    signs: list[Sign]

    @property
    def weight(self) -> int:
        return sum(WEIGHTS[sign] for sign in self.signs)


@dataclass(frozen=True)
class _Clues:
    """What a mail says of itself, folded once."""

    sender: str
    subject: str
    text: str
    lines: frozenset[str]

    @property
    def domain(self) -> str:
        return self.sender.rpartition("@")[2]


def inbound_guesses(mail: InboundMail, campaign: Campaign) -> list[Guess]:
    """The likeliest letters of the campaign, the best first; none where nothing speaks for one. A domain that several
    governments share, such as a public mail provider's, is no sign."""
    text = shorten(mail.text)
    lines = frozenset(fold(line.lstrip("> ")) for line in text.splitlines() if len(line) >= MIN_QUOTED)
    clues = _Clues(mail.sender.strip().lower(), fold(mail.subject), text.lower(), lines)
    rows = list(
        deliveries_left()
        .filter(dispatch__campaign=campaign)
        .select_related("message", "member", "recipient__office", "address", "dispatch__letter", "dispatch__version")
        .order_by("-message__accepted_at")
    )
    known = _domains(rows)
    guesses = [Guess(row, signs) for row in rows if (signs := _signs(row, clues, known))]
    return sorted(guesses, key=lambda guess: -guess.weight)[:MAX_GUESSES]


def _domains(rows: Iterable[Delivery]) -> dict[str, set[int]]:
    """Domain of a recipient → members with addresses there."""
    members: defaultdict[str, set[int]] = defaultdict(set)
    for row in rows:
        members[_address(row).rpartition("@")[2]].add(row.member_id)
    return members


def _address(row: Delivery) -> str:
    with suppress(UnreadableValue):
        return row.message.to_address.strip().lower() if row.message else ""
    return ""


def _signs(row: Delivery, clues: _Clues, domains: dict[str, set[int]]) -> list[Sign]:
    message, address = row.message, _address(row)
    if message is None or not address:  # erased
        return []
    domain = address.rpartition("@")[2]
    own_domain = len(domains[domain]) == 1 and f".{clues.domain}".endswith(f".{domain}")
    found = {
        Sign.MESSAGE_ID: message.message_id.strip("<>").lower() in clues.text,
        Sign.ADDRESS: clues.sender == address,
        Sign.NAMED: clues.sender != address and address in clues.text,
        Sign.DOMAIN: clues.sender != address and own_domain,
    }
    signs = [sign for sign, is_there in found.items() if is_there]
    quoted = any(fold(line) in clues.lines for line in message.text_body.splitlines() if len(line) >= MIN_QUOTED)
    if quoted:
        signs.append(Sign.QUOTE)
    if len(clues.subject) > len("re: ") and fold(message.subject) in clues.subject:
        signs.append(Sign.SUBJECT)
    return signs
