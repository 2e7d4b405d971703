"""Periodic tasks."""

from celery import shared_task

from .services.closing_times import calls_close_due
from .services.collected_mails import collected_mails_send
from .services.confirmation_reminders import confirmations_remind
from .services.erasure import expired_sweep, planner_samples_renew
from .services.invitation_mails import invitation_mails_send
from .services.signatory_counts import signatory_changes_add, signatory_counts_correct
from .services.signature_log import log_entries_number
from .services.signer_notices import notices_send


@shared_task(name="coalitions.sweep")
def sweep() -> None:
    expired_sweep()
    planner_samples_renew()
    signatory_counts_correct()


@shared_task(name="coalitions.number_log_entries")
def number_log_entries() -> None:
    log_entries_number()


@shared_task(name="coalitions.add_counts")
def add_counts() -> None:
    signatory_changes_add()


@shared_task(name="coalitions.collected_mails_send")
def collected_mails() -> None:
    collected_mails_send()


@shared_task(name="coalitions.invitation_mails_send")
def invitation_mails() -> None:
    invitation_mails_send()


@shared_task(name="coalitions.remind_unconfirmed")
def remind_unconfirmed() -> None:
    confirmations_remind()


@shared_task(name="coalitions.calls_close_due")
def calls_close() -> None:
    calls_close_due()


@shared_task(name="coalitions.send_signer_notices")
def send_signer_notices() -> None:
    notices_send()
