"""Which letter a mail that matches none may answer. A guess only: a person decides."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from apps.campaigns.models import Campaign
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
    def reasons(self) -> list[str]:
        return [str(sign.label) for sign in self.signs]

    @property
    def from_government(self) -> bool:
        return bool({Sign.ADDRESS, Sign.DOMAIN} & set(self.signs))

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


@dataclass(frozen=True)
class _Letter:
    """What a mail may name of a letter, decrypted and folded once."""

    delivery: Delivery
    message_id: str
    address: str
    subject: str
    lines: frozenset[str]


def inbound_guesses(mails: Iterable[InboundMail], campaign: Campaign) -> dict[int, list[Guess]]:
    """Key of a mail → the likeliest letters of the campaign, the best first; none where nothing speaks for one. A
    domain that several governments share, such as a public mail provider's, is no sign. One query."""
    all_clues = {mail.pk: _clues(mail) for mail in mails}
    if not all_clues:
        return {}
    letters = _letters(campaign)
    known = _domains(letters)
    found = {}
    for pk, clues in all_clues.items():
        guesses = [Guess(letter.delivery, signs) for letter in letters if (signs := _signs(letter, clues, known))]
        found[pk] = sorted(guesses, key=lambda guess: -guess.weight)[:MAX_GUESSES]
    return found


def best_guess(guesses: list[Guess]) -> Guess | None:
    """The first, unless as much speaks for another government: many letters have one subject and one text."""
    equal = {guess.delivery.member_id for guess in guesses if guess.weight == guesses[0].weight}
    return guesses[0] if len(equal) == 1 else None


def _clues(mail: InboundMail) -> _Clues:
    text = shorten(mail.text)
    return _Clues(mail.sender.strip(" <>").lower(), fold(mail.subject), text.lower(), _long_lines(text))


def _long_lines(text: str) -> frozenset[str]:
    return frozenset(fold(line.lstrip("> ")) for line in text.splitlines() if len(line) >= MIN_QUOTED)


def _letters(campaign: Campaign) -> list[_Letter]:
    rows = (
        deliveries_left()
        .filter(dispatch__campaign=campaign)
        .select_related("message", "member")
        .defer("envelope", "message__html_body")
        .order_by("-message__accepted_at")
    )
    return [
        _Letter(
            row, message.message_id.strip("<>").lower(), address, fold(message.subject), _long_lines(message.text_body)
        )
        for row in rows
        if (message := row.message) and (address := message.to_address.strip().lower())  # else erased
    ]


def _domains(letters: Iterable[_Letter]) -> dict[str, set[int]]:
    """Domain of a recipient → members with addresses there."""
    members: defaultdict[str, set[int]] = defaultdict(set)
    for letter in letters:
        members[letter.address.rpartition("@")[2]].add(letter.delivery.member_id)
    return members


def _signs(letter: _Letter, clues: _Clues, domains: dict[str, set[int]]) -> list[Sign]:
    domain = letter.address.rpartition("@")[2]
    same = clues.sender == letter.address
    found = {
        Sign.MESSAGE_ID: bool(letter.message_id) and letter.message_id in clues.text,
        Sign.ADDRESS: same,
        Sign.NAMED: not same and letter.address in clues.text,
        Sign.DOMAIN: not same and len(domains[domain]) == 1 and f".{clues.domain}".endswith(f".{domain}"),
        Sign.QUOTE: not letter.lines.isdisjoint(clues.lines),
        Sign.SUBJECT: bool(letter.subject) and letter.subject in clues.subject,
    }
    return [sign for sign, is_there in found.items() if is_there]
