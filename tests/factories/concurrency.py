"""Acts at the same moment, each on its own connection."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import close_old_connections, connection


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run them at the same moment, each on its own connection; returns results or what they raised, in order."""
    gate, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place: int, act: Callable[[], Any]) -> None:
        try:
            connection.ensure_connection()
            gate.wait(60)
            results[place] = act()
        except Exception as error:  # noqa: BLE001 – whatever it is, the test looks at it
            results[place] = error
        finally:
            close_old_connections()
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return results


def errors(results: list[Any]) -> list[Any]:
    return [result for result in results if isinstance(result, Exception)]
