"""Which letter a mail that matches none may answer. A guess only: a person decides."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from apps.campaigns.models import Campaign
from apps.postbox.inbound.phrase_matching import fold
from apps.postbox.inbound.quoted_text import shorten, without_quotes
from apps.postbox.models import InboundMail

from ..models import Delivery
from .departures import deliveries_left
from .government_marks import GovernmentMarks, government_marks

MAX_GUESSES = 5
#: lines shorter than this are in many letters
MIN_QUOTED = 40


class GuessReason(TextChoices):
    """Why a letter is guessed, the surest first."""

    MESSAGE_ID = "message_id", _("It names the letter’s Message-ID.")
    ADDRESS = "address", _("It comes from the address that the letter went to.")
    NAMED = "named", _("It names the address that the letter went to.")
    KNOWN_ADDRESS = "known_address", _("It comes from an address that we know of this government.")
    DOMAIN = "domain", _("It comes from the same domain.")
    KNOWN_DOMAIN = "known_domain", _("It comes from a domain in which we know addresses of this government.")
    SIGNED = "signed", _("Its last lines name an office, a post or a person of this government.")
    QUOTE = "quote", _("It quotes the letter.")
    GOVERNMENT = "government", _("It names this government and no other.")
    SUBJECT = "subject", _("It has the letter’s subject.")


WEIGHTS = {
    GuessReason.MESSAGE_ID: 16, GuessReason.ADDRESS: 10, GuessReason.NAMED: 9, GuessReason.KNOWN_ADDRESS: 8,
    GuessReason.DOMAIN: 6, GuessReason.KNOWN_DOMAIN: 5, GuessReason.SIGNED: 5, GuessReason.QUOTE: 4,
    GuessReason.GOVERNMENT: 3, GuessReason.SUBJECT: 2,
}  # fmt: skip
#: campaigns write to the same governments, perhaps with one subject
WEAK = {GuessReason.SUBJECT, GuessReason.GOVERNMENT}


@dataclass(frozen=True)
class Guess:
    delivery: Delivery
    signs: list[GuessReason]

    @property
    def reasons(self) -> list[str]:
        return [str(sign.label) for sign in self.signs]

    @property
    def from_government(self) -> bool:
        return not {
            GuessReason.ADDRESS,
            GuessReason.DOMAIN,
            GuessReason.KNOWN_ADDRESS,
            GuessReason.KNOWN_DOMAIN,
        }.isdisjoint(self.signs)

    @property
    def is_weak(self) -> bool:
        """Whether it may as well be about another campaign's letter."""
        return WEAK.issuperset(self.signs)

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
    #: what its writer wrote, without quotations
    own: list[str]

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
    """Key of a mail → the likeliest letters of the campaign, the best first; none where nothing speaks for one. What
    several governments share, such as a domain, is no sign, and nor is a public mail provider. Two queries."""
    all_clues = {mail.pk: _clues(mail) for mail in mails}
    if not all_clues:
        return {}
    letters = _letters(campaign)
    marks = government_marks(campaign, {letter.delivery.member for letter in letters})
    found = {}
    for pk, clues in all_clues.items():
        shown = _marked(clues, marks)
        guesses = [Guess(letter.delivery, signs) for letter in letters if (signs := _signs(letter, clues, shown))]
        found[pk] = sorted(guesses, key=lambda guess: -guess.weight)[:MAX_GUESSES]
    return found


def best_guess(guesses: list[Guess]) -> Guess | None:
    """The first, unless as much speaks for another government: many letters have one subject and one text."""
    equal = {guess.delivery.member_id for guess in guesses if guess.weight == guesses[0].weight}
    return guesses[0] if len(equal) == 1 else None


def _clues(mail: InboundMail) -> _Clues:
    text = shorten(mail.text)
    sender, own = mail.sender.strip(" <>").lower(), without_quotes(mail.text)
    return _Clues(sender, fold(mail.subject), text.lower(), _long_lines(text), own)


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


def _marked(clues: _Clues, marks: GovernmentMarks) -> dict[GuessReason, int | None]:
    """Which government each sign shows; None where it shows none, or several."""
    signed = marks.signed(clues.own)
    named = marks.named(f"{clues.subject} {fold(' '.join(clues.own))}")
    return {
        GuessReason.KNOWN_ADDRESS: marks.of_address(clues.sender),
        GuessReason.KNOWN_DOMAIN: marks.of_domain(clues.domain),
        GuessReason.SIGNED: next(iter(signed)) if len(signed) == 1 else None,
        GuessReason.GOVERNMENT: next(iter(named)) if len(named) == 1 else None,
    }


def _signs(letter: _Letter, clues: _Clues, shown: dict[GuessReason, int | None]) -> list[GuessReason]:
    domain = letter.address.rpartition("@")[2]
    same = clues.sender == letter.address
    theirs = {sign for sign, member in shown.items() if member == letter.delivery.member_id}
    known, near = GuessReason.KNOWN_ADDRESS in theirs, GuessReason.KNOWN_DOMAIN in theirs
    its_own = near and f".{clues.domain}".endswith(f".{domain}")
    found = {
        GuessReason.MESSAGE_ID: bool(letter.message_id) and letter.message_id in clues.text,
        GuessReason.ADDRESS: same,
        GuessReason.NAMED: not same and letter.address in clues.text,
        GuessReason.KNOWN_ADDRESS: not same and known,
        GuessReason.DOMAIN: not same and not known and its_own,
        GuessReason.KNOWN_DOMAIN: not same and not known and near and not its_own,
        GuessReason.SIGNED: GuessReason.SIGNED in theirs,
        GuessReason.QUOTE: not letter.lines.isdisjoint(clues.lines),
        GuessReason.GOVERNMENT: GuessReason.GOVERNMENT in theirs,
        GuessReason.SUBJECT: bool(letter.subject) and letter.subject in clues.subject,
    }
    return [sign for sign, is_there in found.items() if is_there]
