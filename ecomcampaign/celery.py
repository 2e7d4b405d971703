"""The Celery app, the whole beat schedule, and what each wake-up starts.

Celery is the alarm clock, never the queue: tasks carry no data, and losing one costs delay only.
"""

from contextlib import suppress
from functools import partial
from typing import Any

import structlog
from celery import Celery, Task
from celery.beat import PersistentScheduler
from celery.bootsteps import StartStopStep
from celery.signals import before_task_publish, setup_logging, task_prerun, worker_init, worker_process_init
from celery.worker import WorkController
from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError

from apps.core.health import record_heartbeat
from apps.core.logs import request_id_bind

app = Celery("ecomcampaign")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

app.conf.beat_schedule = {
    "postbox": {"task": "postbox.deliver_due", "schedule": 20.0, "options": {"expires": 40}},
    "postbox-sweep": {"task": "postbox.sweep", "schedule": 60.0, "options": {"expires": 120}},
    "file-scans": {"task": "postbox.scan_files", "schedule": 60.0, "options": {"expires": 120}},
    "mailboxes": {"task": "postbox.fetch_mailboxes", "schedule": 30.0, "options": {"expires": 60}},
    "outreach-delete-expired": {"task": "outreach.delete_expired", "schedule": 3600.0, "options": {"expires": 3600}},
    "outreach": {"task": "outreach.dispatches_advance", "schedule": 30.0, "options": {"expires": 60}},
    "corrections-delete-expired": {
        "task": "governments.delete_expired",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "imports": {"task": "recipient_imports.imports_advance", "schedule": 60.0, "options": {"expires": 120}},
    "signature-log": {"task": "coalitions.number_log_entries", "schedule": 5.0, "options": {"expires": 10}},
    "coalitions-counts": {"task": "coalitions.add_counts", "schedule": 10.0, "options": {"expires": 10}},
    "notices": {"task": "campaigns.notices_send", "schedule": 60.0, "options": {"expires": 60}},
    "confirmation-reminders": {
        "task": "coalitions.remind_unconfirmed",
        "schedule": 900.0,
        "options": {"expires": 900},
    },
    "collected-mails": {"task": "coalitions.collected_mails_send", "schedule": 60.0, "options": {"expires": 120}},
    "signer-notices": {"task": "coalitions.send_signer_notices", "schedule": 60.0, "options": {"expires": 60}},
    "invitation-mails": {"task": "coalitions.invitation_mails_send", "schedule": 60.0, "options": {"expires": 120}},
    "calls-close": {"task": "coalitions.calls_close_due", "schedule": 60.0, "options": {"expires": 120}},
    "letter-texts": {"task": "letters.texts_bring_up_to_date", "schedule": 10.0, "options": {"expires": 10}},
    "webhooks": {"task": "webhooks.deliver_due", "schedule": 20.0, "options": {"expires": 40}},
    "webhooks-delete-expired": {"task": "webhooks.delete_expired", "schedule": 3600.0, "options": {"expires": 3600}},
    "exports": {"task": "exports.exports_advance", "schedule": 60.0, "options": {"expires": 60}},
    "api-delete-expired": {"task": "api.delete_expired", "schedule": 3600.0, "options": {"expires": 3600}},
    "exports-delete-expired": {"task": "exports.delete_expired", "schedule": 3600.0, "options": {"expires": 3600}},
    "coalitions-sweep": {"task": "coalitions.sweep", "schedule": 3600.0, "options": {"expires": 3600}},
}

#: wake-up name → task name. A wake-up takes effect on commit and may be lost: the schedule above finds the rows too.
WAKE_UPS = {
    "postbox": "postbox.deliver_due",
    "outreach": "outreach.dispatches_advance",
    "notices": "campaigns.notices_send",
    "imports": "recipient_imports.imports_advance",
    "webhooks": "webhooks.deliver_due",
    "exports": "exports.exports_advance",
    "collected_mails": "coalitions.collected_mails_send",
    "signer_notices": "coalitions.send_signer_notices",
    "invitation_mails": "coalitions.invitation_mails_send",
}
#: seconds after which a wake-up is sent again whose task has not begun, as where the broker lost it
WAKE_UP_WAITS = 20


def connect_wake_ups() -> None:
    """Tell the core which task each wake-up starts. Called once from the URL configuration and by workers."""
    from apps.core.wakeups import GatheringThread, connect

    thread = GatheringThread(_wake)
    for name, task in WAKE_UPS.items():
        connect(name, partial(thread.ring, task))


def _wake(task: str) -> None:
    """Send the task, unless it was sent and has not begun: fifty signatures a second need no fifty tasks. What is
    committed by now is seen by the one that will begin."""
    if cache.add(f"wake-up:{task}", 1, timeout=WAKE_UP_WAITS):
        app.send_task(task, expires=60, retry=False, ignore_result=True)


@task_prerun.connect
def take_wake_ups(task: Task, **_: object) -> None:
    """Before the task looks for rows: what is committed from now on sends it again."""
    if task.name in WAKE_UPS.values():
        with suppress(RedisError):
            cache.delete(f"wake-up:{task.name}")


@setup_logging.connect
def keep_djangos_logging(**_: object) -> None:
    """Workers log as the web process does: Celery's own configuration is not applied."""


@worker_init.connect
def connect_in_workers(**_: object) -> None:
    """Tasks wake each other: a rendered letter wakes the postbox."""
    connect_wake_ups()


class WorkerHeartbeat(StartStopStep):
    """Reports from the worker's own timer: a dead beat must not look like a dead worker."""

    requires = {"celery.worker.components:Timer"}

    def start(self, worker: WorkController) -> None:
        record_heartbeat("worker")
        worker.timer.call_repeatedly(settings.HEALTH["HEARTBEAT"], record_heartbeat, ("worker",))


class ReportingScheduler(PersistentScheduler):
    def tick(self, *args: Any, **kwargs: Any) -> float:
        record_heartbeat("beat")
        return super().tick(*args, **kwargs)


app.steps["worker"].add(WorkerHeartbeat)
app.conf.beat_scheduler = "ecomcampaign.celery:ReportingScheduler"


@before_task_publish.connect
def hand_on_the_request_id(headers: dict[str, Any] | None = None, **_: object) -> None:
    """A task that a request asked for is found under its id; beat's have none."""
    request_id = structlog.contextvars.get_contextvars().get("request_id")
    if headers is not None and request_id:
        headers["request_id"] = request_id


@task_prerun.connect
def take_the_request_id(task: Task, **_: object) -> None:
    request_id_bind(getattr(task.request, "request_id", None))


@worker_process_init.connect
def forget_log_context(**_: object) -> None:
    structlog.contextvars.clear_contextvars()
