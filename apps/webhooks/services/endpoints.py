"""Endpoints: who is told of what. The campaign's row keeps the kinds that any of them wants, so that where there is
none, nothing is recorded and nothing is asked."""

from collections.abc import Collection
from contextlib import suppress
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.core.audit import audit_record
from apps.core.encryption import UnreadableValue
from apps.core.errors import Conflict, DomainError
from apps.core.types import Label
from apps.core.wakeups import wake

from ..models import Endpoint, EventDelivery, EventKind
from ..signatures import secret_make
from ..transports.addresses import AddressNotAllowed, NoAddress, UnusableUrl, addresses_of, target_of
from .recording import GIVE_UP_AFTER

#: of one campaign
MOST_ENDPOINTS = 20
#: after a change, so long the secret before signs too
BOTH_SECRETS = timedelta(hours=24)

WRONG_URL: dict[str, Label] = {
    "scheme": _("The address must begin with https://."),
    "user": _("Leave out the user name and password: the signature shows who sends."),
    "host": _("Enter the name of a server on the internet, such as https://hooks.example.org/campaign."),
    "port": _("Leave out the port: events are sent to port 443 only."),
    "long": _("The address is too long: at most 500 characters fit."),
    "local": _("This installation sends to this machine only, such as http://localhost:9000/."),
    "name": _("No server has this name. Check how it is spelled."),
    "address": _("This name leads to a private or internal address. Events are sent to public servers only."),
}


class WrongUrl(DomainError):
    def __init__(self, reason: str) -> None:
        super().__init__(WRONG_URL[reason], field="url")


class NameTaken(Conflict):
    def __init__(self, name: str) -> None:
        message = _("There is already a webhook named “%(name)s”. Choose another name.")
        super().__init__(message % {"name": name}, field="name")


class TooManyEndpoints(DomainError):
    default_message = format_lazy(
        _("A campaign can have {count} webhooks. Delete one that you no longer need."), count=MOST_ENDPOINTS
    )


class Paused(Conflict):
    default_message = _("This webhook is paused. Resume it first.")


@transaction.atomic
def endpoint_create(*, campaign: Campaign, actor: User, name: str, url: str, events: Collection[str]) -> Endpoint:
    """A new endpoint with its secret, which pages show only now. Raises WrongUrl, NameTaken, TooManyEndpoints."""
    url_check(url)
    campaign = Campaign.objects.locked(campaign.pk)
    taken = set(campaign.webhook_endpoints.values_list("name", flat=True))
    if name in taken:
        raise NameTaken(name)
    if len(taken) >= MOST_ENDPOINTS:
        raise TooManyEndpoints
    endpoint = Endpoint.objects.create(
        campaign=campaign, name=name, url=url, events=sorted(events), secret=secret_make(), created_by=actor
    )
    _campaign_follows(campaign)
    audit_record(verb="webhook.create", subject=endpoint, actor=actor, webhook_events=endpoint.events)
    return endpoint


@transaction.atomic
def endpoint_change(*, endpoint: Endpoint, actor: User, name: str, url: str, events: Collection[str]) -> Endpoint:
    """Events that are waiting go to the new address; a kind left out ends what is not recorded yet. Raises WrongUrl,
    NameTaken."""
    url_check(url)
    campaign = Campaign.objects.locked(endpoint.campaign_id)
    endpoint = Endpoint.objects.without_contents().select_for_update(no_key=True).get(pk=endpoint.pk)
    if campaign.webhook_endpoints.filter(name=name).exclude(pk=endpoint.pk).exists():
        raise NameTaken(name)
    after = {"name": name, "url": url, "events": sorted(events)}
    before = {"name": endpoint.name, "url": endpoint.readable_url, "events": endpoint.events}
    changed = [field for field, value in after.items() if before[field] != value]
    if changed:
        for field, value in after.items():
            setattr(endpoint, field, value)
        endpoint.save(update_fields=[*after, "updated_at"])
        _campaign_follows(campaign)
        audit_record(
            verb="webhook.change", subject=endpoint, actor=actor, fields=changed, webhook_events=endpoint.events
        )
    return endpoint


@transaction.atomic
def endpoint_secret_rotate(*, endpoint: Endpoint, actor: User) -> Endpoint:
    """A new secret. For a day the one before signs too, so that the receiver can follow; one before that ends now, as
    does one that cannot be read."""
    endpoint = Endpoint.objects.without_contents().select_for_update(no_key=True).get(pk=endpoint.pk)
    endpoint.previous_secret, endpoint.previous_until = "", None
    with suppress(UnreadableValue):
        endpoint.previous_secret, endpoint.previous_until = endpoint.secret, timezone.now() + BOTH_SECRETS
    endpoint.secret = secret_make()
    endpoint.save(update_fields=["secret", "previous_secret", "previous_until", "updated_at"])
    audit_record(verb="webhook.rotate_secret", subject=endpoint, actor=actor)
    return endpoint


@transaction.atomic
def endpoint_pause(*, endpoint: Endpoint, actor: User) -> Endpoint:
    """Send nothing until it is resumed; events are recorded meanwhile. Idempotent."""
    endpoint = Endpoint.objects.without_contents().select_for_update(no_key=True).get(pk=endpoint.pk)
    if endpoint.paused_at is None:
        endpoint.paused_at, endpoint.pause_reason = timezone.now(), Endpoint.PauseReason.PERSON
        endpoint.save(update_fields=["paused_at", "pause_reason", "updated_at"])
        audit_record(verb="webhook.pause", subject=endpoint, actor=actor)
    return endpoint


@transaction.atomic
def endpoint_resume(*, endpoint: Endpoint, actor: User) -> int:
    """Send again, first what has waited, in order. Returns how many events have. Idempotent."""
    endpoint = Endpoint.objects.without_contents().select_for_update(no_key=True).get(pk=endpoint.pk)
    if endpoint.paused_at is None:
        return 0
    now = timezone.now()
    endpoint.paused_at, endpoint.pause_reason, endpoint.next_at = None, "", now
    endpoint.failures, endpoint.failing_since = 0, None
    endpoint.save(update_fields=["paused_at", "pause_reason", "next_at", "failures", "failing_since", "updated_at"])
    waiting = endpoint.deliveries.filter(state=EventDelivery.State.WAITING)
    number = waiting.update(next_at=now, tries=0, give_up_at=now + GIVE_UP_AFTER)
    audit_record(verb="webhook.resume", subject=endpoint, actor=actor, webhook_waiting=number)
    wake("webhooks")
    return number


@transaction.atomic
def endpoint_delete(*, endpoint: Endpoint, actor: User) -> None:
    """Delete it with its log. Events that wait are not sent any more."""
    campaign = Campaign.objects.locked(endpoint.campaign_id)
    found = Endpoint.objects.without_contents().select_for_update().filter(pk=endpoint.pk).first()
    if found is None:
        return
    audit_record(verb="webhook.delete", subject=found, actor=actor)
    found.delete()
    _campaign_follows(campaign)


def url_check(url: str) -> None:
    """Whether events can go there as its name leads now; each try checks it again. Raises WrongUrl."""
    try:
        addresses_of(target_of(url))
    except UnusableUrl as error:
        raise WrongUrl(str(error)) from None
    except NoAddress:
        raise WrongUrl("name") from None
    except AddressNotAllowed:
        raise WrongUrl("address") from None


def _campaign_follows(campaign: Campaign) -> None:
    wanted = {kind for events in campaign.webhook_endpoints.values_list("events", flat=True) for kind in events}
    campaign.webhook_events = sorted(wanted - {EventKind.TEST})
    campaign.save(update_fields=["webhook_events", "updated_at"])
