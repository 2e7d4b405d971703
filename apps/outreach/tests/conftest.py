"""A letter to Kenya with two recipients, and a mail server that knows what it took."""

import socket
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from apps.campaigns.models import Campaign
from apps.governments.models import Member
from apps.letters.models import LetterVersion
from apps.outreach.models import Dispatch
from apps.outreach.services.authorisation import dispatch_authorise
from apps.outreach.services.preparation import dispatch_prepare
from apps.postbox.services.inbound import Arrival, mails_receive
from apps.postbox.transports.smtp_server import Handler
from tests.factories import make_member
from tests.factories.governments import make_recipient
from tests.factories.letters import make_version
from tests.factories.signing import make_call, make_sign_on

CABINET = "cabinet.secretary@trade-ke.example"
MISSION = "gone.geneva@mission-ke.example"


@pytest.fixture
def kenya(campaign: Campaign) -> Member:
    return make_member("KE", "Kenya")


@pytest.fixture
def recipients(campaign: Campaign, kenya: Member) -> SimpleNamespace:
    return SimpleNamespace(
        cabinet=make_recipient(campaign, kenya, "Cabinet Secretary", CABINET, office="Ministry of Trade"),
        mission=make_recipient(campaign, kenya, "Permanent Representative", MISSION, office="Geneva mission"),
    )


@pytest.fixture
def version(campaign: Campaign, cast: Any, kenya: Member, recipients: Any) -> LetterVersion:
    return make_version(campaign, cast, kenya)


@pytest.fixture
def call(version: LetterVersion, cast: Any) -> Any:
    return make_call(version, cast, moderated=False)


@pytest.fixture
def signed(call: Any) -> SimpleNamespace:
    return SimpleNamespace(
        public=make_sign_on(call, "Kisumu Data Rights Forum"),
        quiet=make_sign_on(call, "Baraza la Wakulima", visibility="government"),
        counted=make_sign_on(call, "Anonymous Traders", visibility="counted"),
    )


@pytest.fixture
def authorised(cast: Any) -> Callable[..., Dispatch]:
    """authorised(version) → a dispatch that the coordinator prepared and the sender authorised."""

    def make(version: LetterVersion) -> Dispatch:
        made = dispatch_prepare(version=version, actor=cast.coordinator)
        return dispatch_authorise(dispatch=made, actor=cast.sender, typed_count=made.deliveries.count(), plan=made.plan)

    return make


class Inbox:
    """The sink's listener on a port of its own: keeps what it took, and files it when asked, in this thread."""

    def __init__(self, port: int) -> None:
        self.arrivals: list[Arrival] = []
        handler = Handler(
            store=lambda sender, to, raw: self.arrivals.extend(Arrival(sender, address, raw) for address in to),
            accepts=lambda address: True,
            gone=lambda address: address.lower().startswith("gone"),
        )
        self.controller = Controller(handler, hostname="127.0.0.1", port=port)

    def file(self) -> None:
        """Let the postbox have what came in since the last time."""
        arrivals, self.arrivals = self.arrivals, []
        mails_receive(arrivals=arrivals, sink=True)


@pytest.fixture
def inbox(settings: Any) -> Iterator[Inbox]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    box = {"HOST": "127.0.0.1", "PORT": port, "LISTEN_HOST": "127.0.0.1", "LISTEN_PORT": port}
    settings.POSTBOX = {**settings.POSTBOX, **box}
    inbox = Inbox(port)
    inbox.controller.start()
    yield inbox
    inbox.controller.stop()
