"""Services and selectors, called from the event loop."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from channels.db import database_sync_to_async

#: each has a connection to the database
THREADS = 4
_pool = ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix="live")


async def in_database[Result](work: Callable[..., Result], *args: Any, **kwargs: Any) -> Result:
    """Run it in a thread with a connection of its own, beside others."""
    run: Any = database_sync_to_async(work, thread_sensitive=False, executor=_pool)
    result: Result = await run(*args, **kwargs)
    return result
