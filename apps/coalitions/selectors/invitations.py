"""Invitations to sign: their states, which addresses are known, who can be reminded."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from apps.campaigns.models import Campaign
from apps.core.encryption import lookup_hashes
from apps.core.text import fold
from apps.core.tokens import token_hash
from apps.postbox.models import MessageState, Suppression

from ..models import Invitation, InvitationRefusal, InvitationToken, Organisation, SignOn, SignOnCall
from ..models.organisations import WebsiteHost
from ..models.sign_on_fields import ERASED

#: from a mail to the next reminder
REMIND_AFTER = timedelta(days=3)
NOT_ARRIVED = [*MessageState.RETURNED, MessageState.CANCELLED, MessageState.EXPIRED]
#: how the signature of an invited organisation was recognised, the surest first
SIGNED_BY = ("link", "address", "name", "website")
#: in the order of the filters; each invitation is in one of them
STATES = ("waiting", "silent", "started", "signed", "declined", "withdrawn", "failed", "stopped")


def invitation_calls(campaign: Campaign) -> QuerySet[SignOnCall]:
    """Letters that organisations can sign, now or later, and those to which some were invited."""
    rows = SignOnCall.objects.filter(campaign=campaign).exclude(who=SignOnCall.Who.PEOPLE)
    open_or_later = Q(closed_at=None, closes_at__gt=timezone.now())
    found = rows.filter(open_or_later | Exists(Invitation.objects.filter(call=OuterRef("pk"))))
    return found.select_related("campaign", "letter", "version").defer("version__evidence")


def invitable(call: SignOnCall) -> bool:
    """Whether organisations can sign it, now or later."""
    return call.ended_at is None and call.is_open_to(SignOn.Kind.ORGANISATION)


def invitations_of(call: SignOnCall) -> QuerySet[Invitation]:
    """Of the call, each with its `state` (one of STATES), `signed_by`, how a signed one was recognised (one of
    SIGNED_BY), and `arrived`, whether a mail was accepted by the next server."""
    own = SignOn.objects.filter(letter_id=call.letter_id, kind=SignOn.Kind.ORGANISATION)
    own = own.filter(Q(pk=OuterRef("sign_on_id")) | Q(email_hash=OuterRef("email_hash")))
    # after a new version with other meaning, signers of the one before hear of it in another mail
    this = Q(call=call) | Q(covers__version=call.version_id)
    by_link = own.standing().filter(this, pk=OuterRef("sign_on_id"))
    by_address = own.standing().filter(this, email_hash=OuterRef("email_hash"))
    named = Organisation.objects.filter(
        campaign=call.campaign_id, country=OuterRef("country"), name_key=OuterRef("name_key")
    )
    counted = SignOn.objects.confirmed().filter(
        this, letter_id=call.letter_id, kind=SignOn.Kind.ORGANISATION, organisation__campaign=call.campaign_id
    )
    by_name = counted.filter(organisation=OuterRef("organisation"))
    # elsewhere somebody else may have the name, or have typed the website: then the person has to be verified
    verified = counted.filter(authority_verified=True)
    by_name_only = verified.filter(organisation__name_key=OuterRef("name_key"))
    by_website = verified.alias(host=WebsiteHost("organisation__website")).filter(
        host=OuterRef("domain"), confirmed_at__gt=OuterRef("created_at")
    )
    shared = Invitation.objects.filter(call=call, domain=OuterRef("domain")).exclude(pk=OuterRef("pk"))
    refusals = InvitationRefusal.objects.filter(campaign=call.campaign_id, email_hash=OuterRef("email_hash"))
    # of the mail to someone reminded, the first has arrived
    arrived = Q(message__state__in=MessageState.HANDED_OVER) | Q(reminded_at__isnull=False)
    rows = Invitation.objects.filter(call=call).select_related("message").defer(
        "message__subject", "message__text_body", "message__html_body", "message__composer_values",
        "message__to_address", "message__reply_to", "message__envelope_from",
    )  # fmt: skip
    rows = rows.annotate(organisation=Subquery(named.values(root=Coalesce("merged_into_id", "pk"))[:1]))
    rows = rows.annotate(
        signed_by=Case(
            When(Exists(by_link), then=Value("link")),
            When(Exists(by_address), then=Value("address")),
            When(Exists(by_name), then=Value("name")),
            When(Q(country="") & Exists(by_name_only), then=Value("name")),
            When(~Q(domain="") & Exists(by_website) & ~Exists(shared), then=Value("website")),
            default=Value(""),
        )
    )
    return rows.annotate(
        state=Case(
            When(~Q(signed_by=""), then=Value("signed")),
            When(Exists(own.filter(state=SignOn.State.WITHDRAWN)), then=Value("withdrawn")),
            When(declined_at__isnull=False, then=Value("declined")),
            # what was typed and not confirmed in time is gone: as if nothing had been pressed
            When(Q(started_at__isnull=False) & ~Exists(_expired()), then=Value("started")),
            When(
                Exists(refusals) | Q(message__state=MessageState.SUPPRESSED) | Q(email_hash__startswith=ERASED),
                then=Value("stopped"),
            ),
            When(Q(message__state__in=NOT_ARRIVED) | Q(message=None, mail_due_at=None), then=Value("failed")),
            When(arrived, then=Value("silent")),
            default=Value("waiting"),
        ),
        arrived=Case(When(arrived, then=Value(True)), default=Value(False)),
    )


def _expired() -> QuerySet[SignOn]:
    return SignOn.objects.filter(pk=OuterRef("sign_on_id"), state=SignOn.State.EXPIRED)


def invitation_counts(call: SignOnCall) -> dict[str, int]:
    """{state: number}, with "all" and "arrived"."""
    rows = invitations_of(call).order_by().values("state", "arrived").annotate(n=Count("pk"))  # type: ignore[misc]  # annotated
    counts = dict.fromkeys(("all", "arrived", *STATES), 0)
    for row in rows:
        counts[row["state"]] += row["n"]
        counts["all"] += row["n"]
        counts["arrived"] += row["n"] if row["arrived"] else 0
    return counts


def found_invitations(call: SignOnCall, *, state: str = "", wanted: str = "") -> QuerySet[Invitation]:
    """Those in the state ("arrived" too), with the words in the name."""
    rows = invitations_of(call)
    if state == "arrived":
        rows = rows.filter(Q(arrived=True))
    elif state:
        rows = rows.filter(Q(state=state))
    for word in fold(wanted).split():
        rows = rows.filter(name_key__contains=word)
    return rows


def silent_invitations(call: SignOnCall) -> QuerySet[Invitation]:
    return invitations_of(call).filter(Q(state="silent"))


def to_remind(call: SignOnCall, now: datetime) -> QuerySet[Invitation]:
    """The silent whose last mail is REMIND_AFTER old and who have none waiting, nor an address that gets none."""
    due = silent_invitations(call).filter(mail_due_at=None, mailed_at__lte=now - REMIND_AFTER)
    return due.exclude(Exists(Suppression.objects.filter(address_hash=OuterRef("email_hash"))))


def known_addresses(call: SignOnCall, addresses: Iterable[str]) -> dict[str, str]:
    """{hash of an address: "invited", "signed" or "unwanted"}, hashed with the newest key. A few statements."""
    newest = {each.digest: found[0].digest for found in map(lookup_hashes, addresses) for each in found}
    known: dict[str, str] = {}
    this = Q(call=call) | Q(covers__version=call.version_id)
    signed = SignOn.objects.standing().filter(this, letter_id=call.letter_id, kind=SignOn.Kind.ORGANISATION)
    for says, rows, name in (
        ("unwanted", Suppression.objects.all(), "address_hash"),
        ("unwanted", InvitationRefusal.objects.filter(campaign=call.campaign_id), "email_hash"),
        ("signed", signed, "email_hash"),
        ("invited", Invitation.objects.filter(call=call), "email_hash"),
    ):
        found = rows.filter(**{f"{name}__in": list(newest)}).order_by().values_list(name, flat=True)
        known |= {newest[digest]: says for digest in found}
    return known


def signed_organisations(call: SignOnCall, keys: Collection[str]) -> set[tuple[str, str]]:
    """(name_key, country) of those of the names whose organisation counts already, and (name_key, "") where the person
    was verified."""
    named = Organisation.objects.filter(campaign=call.campaign_id, name_key__in=keys)
    roots = {(row.name_key, row.country): row.merged_into_id or row.pk for row in named}
    counted = SignOn.objects.confirmed().filter(Q(call=call) | Q(covers__version=call.version_id))
    found = set(counted.filter(organisation__in=set(roots.values())).values_list("organisation", flat=True))
    verified = set(
        counted.filter(organisation__in=found, authority_verified=True).values_list("organisation", flat=True)
    )
    without_country = {(key, "") for (key, _country), root in roots.items() if root in verified}
    return {name for name, root in roots.items() if root in found} | without_country


def invitation_by_link(token: str) -> Invitation | None:
    links = InvitationToken.objects.filter(token_hash=token_hash(token))
    rows = Invitation.objects.filter(pk__in=links.values("invitation_id"))
    return rows.select_related("campaign", "call__campaign", "call__letter", "call__version").first()


def is_refused(campaign_id: int, email: str) -> bool:
    """Whether the address gets no invitations of the campaign, or no mail at all."""
    digests = [each.digest for each in lookup_hashes(email)]
    refused = InvitationRefusal.objects.filter(campaign=campaign_id, email_hash__in=digests).exists()
    return refused or Suppression.objects.filter(address_hash__in=digests).exists()
