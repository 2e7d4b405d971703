"""Receive mail over SMTP: answers to letters and, with --sink, every mail sent to this machine."""

from argparse import ArgumentParser
from functools import partial

from django.conf import settings
from django.core.checks import Tags
from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections

from apps.core.health import record_heartbeat
from apps.postbox.services.inbound import Arrival, address_is_ours, mail_too_large_record, mails_receive
from apps.postbox.transports.smtp_connection import is_loopback
from apps.postbox.transports.smtp_server import Handler, serve


class Command(BaseCommand):
    # those of models ask the database, and the listener starts, and says "try later", while that is away
    requires_system_checks = (Tags.security,)
    help = "Listen for answers. With --sink, take every email for the local inbox, on loopback only."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--sink", action="store_true", help="take every email, for the local inbox")
        parser.add_argument("--host", default=settings.POSTBOX["LISTEN_HOST"])
        parser.add_argument("--port", type=int, default=settings.POSTBOX["LISTEN_PORT"])

    def handle(self, *args: object, sink: bool, host: str, port: int, **options: object) -> None:
        host = "127.0.0.1" if host == "localhost" else host
        if sink and not is_loopback(host):
            raise CommandError(f"With --sink, listen on loopback only, not on {host}: it takes every email.")
        if sink and settings.POSTBOX["MODE"] != "sink":
            raise CommandError("--sink needs POSTBOX_MODE=sink: real email must not end in the local inbox.")

        def store(envelope_from: str, envelope_to: list[str], raw: bytes) -> None:
            close_old_connections()
            try:
                arrivals = [Arrival(envelope_from, address, raw) for address in envelope_to]
                mails_receive(arrivals=arrivals, sink=sink)
            finally:
                close_old_connections()

        def too_large(addresses: list[str]) -> None:
            close_old_connections()
            try:
                mail_too_large_record(addresses=addresses)
            finally:
                close_old_connections()

        handler = Handler(
            store=store,
            too_large=too_large,
            accepts=lambda address: sink or address_is_ours(address),
            gone=lambda address: sink and address.lower().startswith("gone"),
        )
        what = "every email" if sink else f"answers to {settings.POSTBOX['REPLY_DOMAIN']}"

        def ready(chosen: int) -> None:
            self.stdout.write(f"Taking {what} on {host}:{chosen}")
            self.stdout.flush()

        name, heartbeat = str(settings.POSTBOX["REPLY_DOMAIN"]), partial(record_heartbeat, "listener")
        serve(host=host, port=port, name=name, handler=handler, ready=ready, heartbeat=heartbeat)
