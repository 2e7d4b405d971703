"""Mail that a webhook only announces: fetched at the provider, within one limit of time and of size, without redirects,
and in sink mode from this machine only. django-anymail knows where it is; its own requests have no limits."""

import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urljoin

from anymail.inbound import AnymailInboundMessage
from anymail.webhooks.brevo import BrevoInboundWebhookView
from anymail.webhooks.mailtrap import MailtrapInboundWebhookView
from anymail.webhooks.resend import ResendInboundWebhookView
from django.conf import settings
from requests import Response

from .inbound.envelope import MAX_RECEIVED_BYTES
from .transports.provider_connection import ProviderHttp, RequestGate

#: of one mail with all its files
SECONDS = 60.0


class FetchFailed(Exception):
    """The provider did not hand the mail over: it is asked to come again."""


class _Fetcher:
    """What is left of the limits is for the next request."""

    def __init__(self) -> None:
        self.ends, self.left = time.monotonic() + SECONDS, MAX_RECEIVED_BYTES

    def get(self, url: str, headers: dict[str, str]) -> Response:
        """Raises FetchFailed, or what requests raises."""
        gate, seconds = RequestGate(), self.ends - time.monotonic()
        if seconds <= 0:
            raise FetchFailed("it took too long")
        with ProviderHttp(gate) as http, gate.guarding(lambda: True, seconds):
            http.most = self.left
            response = http.get(url, headers=headers, timeout=settings.POSTBOX["PROVIDER_TIMEOUT"])
        if response.status_code != 200:
            raise FetchFailed(f"HTTP {response.status_code}")
        self.left -= len(response.content)
        if self.left < 0:
            raise FetchFailed("it is too large")
        return response


class BrevoInbound(BrevoInboundWebhookView):
    def esp_to_anymail_event(self, esp_event: Any) -> Any:
        self.fetcher = _Fetcher()
        return super().esp_to_anymail_event(esp_event)

    def _fetch_attachment(self, attachment: Any) -> Any:
        path = f"inbound/attachments/{quote(attachment['DownloadToken'], safe='')}"
        response = self.fetcher.get(urljoin(self.api_url, path), {"api-key": self.api_key})
        return AnymailInboundMessage.construct_attachment(
            content_type=response.headers.get("Content-Type") or attachment["ContentType"],
            content=response.content,
            filename=attachment.get("Name"),
            content_id=attachment.get("ContentID"),
        )


class MailtrapInbound(MailtrapInboundWebhookView):
    def fetch_inbound_message(self, inbox_id: int, message_id: str) -> Any:
        path = f"inbound/inboxes/{quote(str(inbox_id), safe='')}/messages/{quote(message_id, safe='')}"
        self.fetcher = _Fetcher()
        return self.fetcher.get(urljoin(self.api_url, path), {"Authorization": f"Bearer {self.api_token}"}).json()

    def fetch_raw_message_chunks(self, raw_message_url: str) -> Iterator[bytes]:
        yield self.fetcher.get(raw_message_url, {}).content


class ResendInbound(ResendInboundWebhookView):
    def _fetch_inbound_email(self, email_id: str) -> Any:
        fetcher, url = _Fetcher(), urljoin(self.api_url, f"emails/receiving/{quote(email_id, safe='')}")
        found = fetcher.get(url, {"Authorization": f"Bearer {self.api_key}"}).json()
        return AnymailInboundMessage.parse_raw_mime_bytes(fetcher.get(found["raw"]["download_url"], {}).content)


READERS: dict[str, Any] = {"brevo": BrevoInbound, "mailtrap": MailtrapInbound, "resend": ResendInbound}
