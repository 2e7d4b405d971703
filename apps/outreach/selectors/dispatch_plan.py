"""The plan of a mailing: who gets which letter at which address, and who gets none and why. Read-only."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from apps.campaigns.models import Campaign
from apps.coalitions.models import Annex
from apps.coalitions.selectors.signatory_counts import version_counts
from apps.core.canonical_json import canonical_json, sha256_hex
from apps.core.languages import primary_language
from apps.core.types import JsonObject
from apps.governments.models import Member, Recipient, RecipientAddress
from apps.governments.selectors import merged_ids, recipients_of
from apps.letters.document.traversal import missing_fields
from apps.letters.merge_fields import SIGNATORY_FIELDS, envelope_values
from apps.letters.models import Edition, LetterVersion
from apps.letters.selectors.editions import edition_among, editions_by_member
from apps.letters.selectors.letters import letter_addressees
from apps.postbox.models import Message, MessageState

from ..addendum_note import addendum_note, note_language
from ..models import Delivery, Dispatch, Exclusion
from ..sending_terms import Terms
from .dispatch_criteria import Criteria, MemberFilter
from .mail_conditions import arrived

Reason = Exclusion.Reason
#: values set when the letter leaves
LATE_VALUES = SIGNATORY_FIELDS | {"date"}


@dataclass(frozen=True)
class PlannedDelivery:
    """`envelope` contains this recipient's values, without LATE_VALUES."""

    recipient: Recipient
    address: RecipientAddress
    edition: Edition
    envelope: dict[str, str]
    #: of the letter, or of the covering note of an addendum
    language: str
    #: the letter that this one is a copy of
    copy_of: "PlannedDelivery | None" = None

    @property
    def member(self) -> Member:
        return self.recipient.office.member

    @property
    def essence(self) -> JsonObject:
        own = {"recipient": self.recipient.pk, "address": self.address.address_hash, "edition": self.edition.sha256}
        copied = {"copy_of": self.copy_of.recipient.pk} if self.copy_of else {}
        return {**own, **copied, "envelope": self.envelope}


@dataclass(frozen=True)
class PlannedExclusion:
    """A government (recipient None) or recipient that gets nothing."""

    member: Member
    recipient: Recipient | None
    reason: str
    detail: str = ""


@dataclass
class Plan:
    """Both lists are ordered by government."""

    deliveries: list[PlannedDelivery] = field(default_factory=list)
    exclusions: list[PlannedExclusion] = field(default_factory=list)
    #: the essence of its Terms
    terms: JsonObject = field(default_factory=dict)

    @property
    def sha256(self) -> str:
        """Equal while the same letters go to the same addresses on the same terms."""
        terms = [self.terms] if self.terms else []
        return sha256_hex(canonical_json([planned.essence for planned in self.deliveries] + terms))


def once_key(letter_id: int, recipient_id: int, addendum_id: int | None = None) -> str:
    """Unique among live messages: a recipient gets a letter, or an addendum to it, once."""
    return f"{_what(letter_id, addendum_id)}:recipient:{recipient_id}"


def address_key(letter_id: int, address_hash: str, addendum_id: int | None = None) -> str:
    """Unique among live messages: an address gets a letter, or an addendum to it, once."""
    return f"{_what(letter_id, addendum_id)}:address:{address_hash}"


def _what(letter_id: int, addendum_id: int | None) -> str:
    return f"letter:{letter_id}" if addendum_id is None else f"addendum:{addendum_id}"


def dispatch_plan(
    *, campaign: Campaign, version: LetterVersion, criteria: Criteria | None = None, addendum: Annex | None = None,
    terms: Terms | None = None, stored: Dispatch | None = None,
) -> Plan:  # fmt: skip
    """The plan as of now, for the addressees at the freeze who meet the criteria. With an `addendum`, for those who got
    the letter that it belongs to. Letters of the mailing `stored` do not count as written already. The number of
    statements does not depend on how many governments there are."""
    criteria = criteria or Criteria()
    addressees = letter_addressees(version.letter, version.frozen_on)
    wanted = MemberFilter(campaign, version, criteria, stored, addendum=addendum)
    against = {member.pk: wanted.reason_against(member) for member in addressees}
    recipients = list(recipients_of(campaign, [member for member in addressees if not against[member.pk]]))
    only = _reached(addendum) if addendum is not None else {*criteria.recipients}
    members = addressees
    if only or addendum is not None:
        recipients = [recipient for recipient in recipients if recipient.pk in only]
        concerned = {recipient.office.member_id for recipient in recipients}
        members = [member for member in addressees if member.pk in concerned]
    planner = _Planner(campaign, version, recipients, addendum, wanted)
    planner.plan.terms = (terms or Terms()).essence
    by_member: dict[int, list[Recipient]] = defaultdict(list)
    for recipient in recipients:
        by_member[recipient.office.member_id].append(recipient)
    for member in members:
        planner.add_member(member, against[member.pk], by_member[member.pk])
    planner.leave_out(Reason.NOT_ADDRESSED, *wanted.not_addressed(addressees))
    return planner.plan


def plan_again(dispatch: Dispatch) -> Plan:
    """The plan that the mailing's criteria give now."""
    return dispatch_plan(
        campaign=dispatch.campaign, version=dispatch.version, criteria=Criteria.of(dispatch.criteria),
        addendum=dispatch.addendum, terms=Terms.of(dispatch), stored=dispatch,
    )  # fmt: skip


def _reached(addendum: Annex) -> set[int]:
    """The recipients of the list that it supplements, as far as the letter did not come back, and what they were merged
    into since."""
    got = Delivery.objects.filter(arrived(), dispatch__annex=addendum.supplements_id, dispatch__addendum=None)
    found = set(got.values_list("recipient_id", flat=True))
    into = Recipient.objects.filter(pk__in=found, merged_into__isnull=False)
    return found | set(into.values_list("merged_into_id", flat=True))


class _Planner:
    """Collects what was sent before, and which addresses this plan already uses."""

    def __init__(
        self, campaign: Campaign, version: LetterVersion, recipients: Sequence[Recipient], addendum: Annex | None,
        wanted: MemberFilter,
    ) -> None:  # fmt: skip
        self.campaign, self.version, self.addendum, self.wanted = campaign, version, addendum, wanted
        self.criteria = wanted.criteria
        self.addendum_id = addendum.pk if addendum is not None else None
        self.counts = version_counts(version)
        self.plan = Plan()
        self.hashes = {address.pk: address.hashes for recipient in recipients for address in recipient.addresses.all()}
        self.merged = merged_ids(recipients)
        self.sent = self._keys_taken(recipients)
        self.given: dict[str, Recipient] = {}
        self.editions = editions_by_member(version)

    def _keys_taken(self, recipients: Sequence[Recipient]) -> set[str]:
        letter = self.version.letter_id
        wanted = [key for recipient in recipients for key in self._once_keys(recipient)]
        addresses = [
            address_key(letter, digest, self.addendum_id) for digests in self.hashes.values() for digest in digests
        ]
        live = Message.objects.exclude(state__in=MessageState.DEAD)
        taken = set(live.filter(once_key__in=wanted).values_list("once_key", flat=True))
        return taken | set(live.filter(address_key__in=addresses).values_list("address_key", flat=True))

    def _once_keys(self, recipient: Recipient) -> list[str]:
        """Its own key, and those of rows merged into it."""
        ids = (recipient.pk, *self.merged.get(recipient.pk, ()))
        return [once_key(self.version.letter_id, pk, self.addendum_id) for pk in ids]

    def leave_out(self, reason: str, *members: Member) -> None:
        for member in members:
            change = self.wanted.held_back.get(member.code) if reason == Reason.STANCE_CHANGED else None
            detail = f"{change.before}>{change.now}" if change else ""
            self.plan.exclusions.append(PlannedExclusion(member, None, reason, detail))

    def add_member(self, member: Member, against: str, recipients: Sequence[Recipient]) -> None:
        """Letters first, so that copies can be made of the first of them."""
        if against or not recipients:
            self.leave_out(against or Reason.NO_RECIPIENT, member)
        served: dict[str, PlannedDelivery | None] = {}
        for recipient in recipients:
            if recipient.office.kind not in self.criteria.copies:
                self._add(recipient, self._unwanted(recipient, served) or self._judge(recipient), served)
        first = next((letter for letter in served.values() if letter), None)
        copied: dict[str, PlannedDelivery | None] = {}
        for recipient in recipients:
            if recipient.office.kind in self.criteria.copies:
                self._add(recipient, self._unwanted(recipient, copied) or self._copy(recipient, first), copied)

    def _add(
        self, recipient: Recipient, outcome: PlannedDelivery | tuple[str, str],
        served: dict[str, PlannedDelivery | None],
    ) -> None:  # fmt: skip
        """`served`: the kinds of offices of this government with a letter; None where it has one from before."""
        kind = recipient.office.kind
        if isinstance(outcome, PlannedDelivery):
            self.plan.deliveries.append(outcome)
            self.given.update(dict.fromkeys(self.hashes[outcome.address.pk], recipient))
            served.setdefault(kind, outcome)
            return
        reason, detail = outcome
        self.plan.exclusions.append(PlannedExclusion(recipient.office.member, recipient, reason, detail))
        if reason == Reason.ALREADY_SENT:
            served.setdefault(kind, None)

    def _unwanted(self, recipient: Recipient, served: Mapping[str, PlannedDelivery | None]) -> tuple[str, str] | None:
        kind = recipient.office.kind
        if self.criteria.offices and kind not in {*self.criteria.offices, *self.criteria.copies}:
            return Reason.OTHER_OFFICE, ""
        if reason := self.wanted.language_against(recipient):
            return reason, ""
        return (Reason.OTHER_FIRST, "") if self.criteria.first_only and kind in served else None

    def _copy(self, recipient: Recipient, first: PlannedDelivery | None) -> PlannedDelivery | tuple[str, str]:
        """In the words and language of the letter that it is a copy of."""
        if first is None:
            return Reason.NOTHING_TO_COPY, ""
        address = self._free_address(recipient)
        if not isinstance(address, RecipientAddress):
            return address
        return replace(first, recipient=recipient, address=address, copy_of=first)

    def _free_address(self, recipient: Recipient) -> RecipientAddress | tuple[str, str]:
        sent = not self.sent.isdisjoint(self._once_keys(recipient))
        return (Reason.ALREADY_SENT, "") if sent else self._address(recipient)

    def _judge(self, recipient: Recipient) -> PlannedDelivery | tuple[str, str]:
        address = self._free_address(recipient)
        if not isinstance(address, RecipientAddress):
            return address
        edition = self._edition(recipient)
        if edition is None:
            return Reason.NO_EDITION, ""
        own, given = primary_language(recipient.language), primary_language(edition.language)
        if self.criteria.own_language_only and own and own != given:
            return Reason.NO_LANGUAGE, recipient.language
        missing: list[str] = []
        for language in self._languages(recipient, edition):
            values = envelope_values(
                self.campaign, recipient.office.member, recipient=recipient, counts=self.counts, language=language
            )
            body = edition.body if self.addendum is None else addendum_note(self.addendum, language)
            missing = missing_fields(body["blocks"], values)
            if not missing:
                envelope = {key: value for key, value in values.items() if key not in LATE_VALUES}
                return PlannedDelivery(recipient, address, edition, envelope, language)
        return Reason.MISSING_VALUE, ", ".join(missing)

    def _languages(self, recipient: Recipient, edition: Edition) -> list[str]:
        """A covering note is in the recipient's own language, if there is a salutation in it."""
        if self.addendum is None or not recipient.language:
            return [edition.language]
        return [note_language(recipient.language), edition.language]

    def _address(self, recipient: Recipient) -> RecipientAddress | tuple[str, str]:
        every = list(recipient.addresses.all())
        usable = [address for address in every if address.usable]
        if not usable:
            return _why_none(every)
        for address in usable:
            if not self._has_letter(address) and not self._sharer(address):
                return address
        sharer = self._sharer(usable[0])
        return Reason.ALREADY_SENT, f"same:{sharer.post}" if sharer else "before"

    def _has_letter(self, address: RecipientAddress) -> bool:
        letter = self.version.letter_id
        return any(address_key(letter, digest, self.addendum_id) in self.sent for digest in self.hashes[address.pk])

    def _sharer(self, address: RecipientAddress) -> Recipient | None:
        return next((self.given[digest] for digest in self.hashes[address.pk] if digest in self.given), None)

    def _edition(self, recipient: Recipient) -> Edition | None:
        member = recipient.office.member
        found = self.editions.get(member.pk)
        return edition_among(found, self.version, member, recipient.language) if found else None


def _why_none(addresses: Iterable[RecipientAddress]) -> tuple[str, str]:
    if any(address.status == "suppressed" for address in addresses):
        return Reason.SUPPRESSED, ""
    bounced = [address for address in addresses if address.health == RecipientAddress.Health.BOUNCED]
    if not bounced:
        return Reason.NO_ADDRESS, ""
    last = max((address.bounced_at for address in bounced if address.bounced_at), default=None)
    return Reason.BOUNCED, last.isoformat() if last else ""
