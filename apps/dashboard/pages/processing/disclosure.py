"""Who gets personal data of a campaign: people, governments and programs, and the services that it runs on."""

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Count
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from apps.campaigns.models import ApiToken, Campaign, TeamMember
from apps.campaigns.roles import Permission, roles_with
from apps.campaigns.scopes import Scope
from apps.coalitions.models import SignOn
from apps.coalitions.selectors.calls import campaign_calls
from apps.core.text import joined
from apps.exports.models import Export, Purpose
from apps.governments.models import Member, name_sort_on
from apps.outreach.selectors.departures import deliveries_left
from apps.postbox.transports.smtp_connection import is_loopback
from apps.webhooks.models import Endpoint

#: with which a program reads contact data
WITH_CONTACTS = [Scope.SIGN_ONS_READ, Scope.RECIPIENTS_READ, Scope.DELIVERIES_READ, Scope.EXPORTS]


def disclosures(campaign: Campaign) -> list[str]:
    return [sentence for found in DISCLOSURES for sentence in found(campaign)]


def governments_written_to(campaign: Campaign) -> list[str]:
    """Names of the governments to which letters have left, which carry the list of signatories."""
    language = get_language() or "en"
    left = deliveries_left().filter(dispatch__campaign=campaign).values("member")
    members = Member.objects.filter(pk__in=left).order_by(name_sort_on(campaign.venue_today(), language), "pk")
    return [member.name_on(campaign.venue_today(), language) for member in members]


def _public(campaign: Campaign) -> Iterator[str]:
    number = SignOn.objects.filter(campaign=campaign).named_publicly().count()
    yield ngettext(
        "The public: %(n)s name, whose signer chose that", "The public: %(n)s names, whose signers chose that", number
    ) % {"n": number}


def _governments(campaign: Campaign) -> Iterator[str]:
    names = SignOn.objects.filter(campaign=campaign).named_to_governments().count()
    yield ngettext(
        "The governments that get the letter: its list of signatories, now with %(n)s name",
        "The governments that get the letter: its list of signatories, now with %(n)s names", names,
    ) % {"n": names}  # fmt: skip


def _team(campaign: Campaign) -> Iterator[str]:
    team = TeamMember.objects.filter(campaign=campaign, state=TeamMember.State.ACTIVE)
    number = team.filter(roles__overlap=roles_with(Permission.SEE_CONTACTS)).count()
    yield ngettext(
        "The campaign’s team: %(n)s person may see contact data",
        "The campaign’s team: %(n)s people may see contact data", number,
    ) % {"n": number}  # fmt: skip


def _exports(campaign: Campaign) -> Iterator[str]:
    made = Export.objects.filter(campaign=campaign, state__in=["ready", "done", "expired"]).order_by()
    counts = dict(made.values_list("purpose").annotate(n=Count("pk")))
    if counts:
        purposes = joined(f"{purpose.label} ({counts[purpose]})" for purpose in Purpose if purpose in counts)
        yield _("Exported lists: %(purposes)s") % {"purposes": purposes}


def _programs(campaign: Campaign) -> Iterator[str]:
    tokens = ApiToken.objects.filter(membership__campaign=campaign, scopes__overlap=WITH_CONTACTS)
    names = sorted(token.name for token in tokens if token.state == "works")
    if names:
        yield _("Programs of the team that may read contact data: %(names)s") % {"names": joined(names)}
    endpoints = [endpoint.readable_url for endpoint in Endpoint.objects.filter(campaign=campaign)]
    if hosts := sorted({urlsplit(url).hostname or "" for url in endpoints} - {""}):
        yield _("Programs that are told what happens, without names: %(hosts)s") % {"hosts": joined(hosts)}


def _sites(campaign: Campaign) -> Iterator[str]:
    sites = sorted({site for call in campaign_calls(campaign) for site in call.embed_origins})
    if sites:
        yield _("Websites that show the letter with the names that are public: %(sites)s") % {"sites": joined(sites)}


def _services(_campaign: Campaign) -> Iterator[str]:
    """Those of the installation."""
    box = settings.POSTBOX
    service = box["PROVIDER"] or ("" if is_loopback(box["HOST"]) else box["HOST"])
    if box["MODE"] != "live":
        yield _("Nobody by email: this installation sends none.")
    elif service:
        yield _("The service that sends email: %(service)s") % {"service": service}
    if box["IMAP_HOST"]:
        yield _("The mailbox that answers come to: %(host)s") % {"host": box["IMAP_HOST"]}
    if place := _export_storage():
        yield _("The storage of encrypted exports: %(place)s") % {"place": place}


def _export_storage() -> str:
    """Where files of exports are, unless in a folder of the server."""
    storage = settings.STORAGES["exports"]
    options, kind = storage.get("OPTIONS", {}), storage["BACKEND"].rpartition(".")[2]
    if "location" in options and kind == "FileSystemStorage":
        return ""
    return joined(str(part) for part in (options.get("endpoint_url") or kind, options.get("bucket_name")) if part)


DISCLOSURES: list[Callable[[Campaign], Iterator[str]]] = [
    _public, _governments, _team, _exports, _programs, _sites, _services,
]  # fmt: skip
