"""One run of sending: threads make requests and touch no database; this thread claims and records."""

import time
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

import structlog
from django.conf import settings

from ..models import Attempt
from ..transports.http_post import Answer, post
from .claims import Job, deliveries_claim
from .results import delivery_finish

log = structlog.get_logger(__name__)

#: seconds after which no new request begins: the worker has other work too
RUN = 30.0
#: seconds after which a run looks for what became due, while requests are on their way
LOOK = 0.5


def webhooks_deliver(*, seconds: float = RUN) -> int:
    """Send what is due, until nothing is or the time is over. Returns how many requests there were. May be killed at
    any time: leases end."""
    threads, until, sent = settings.WEBHOOKS["THREADS"], time.monotonic() + seconds, 0
    under_way: dict[Future[Answer], Job] = {}
    with ThreadPoolExecutor(threads, thread_name_prefix="webhook") as pool:
        while True:
            if time.monotonic() < until and len(under_way) < threads:
                for job in deliveries_claim(most=threads - len(under_way)):
                    under_way[pool.submit(post, job.url, job.headers, job.body)] = job
                    sent += 1
            if not under_way:
                return sent
            for done in wait(under_way, timeout=LOOK, return_when=FIRST_COMPLETED).done:
                job = under_way.pop(done)
                if (error := done.exception()) is not None:  # of ours: the other events must not wait for it
                    log.error("webhook_failed", endpoint=job.endpoint_id, exc_info=error)
                delivery_finish(job=job, answer=Answer(Attempt.Outcome.CONNECTION) if error else done.result())
