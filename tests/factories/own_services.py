"""PostgreSQL and Valkey of one test, which may crash them."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from django.db import connections
from redis import Redis

from scripts.local_services import ROLE, start_postgres, start_valkey
from scripts.processes import Child, stop_all
from scripts.service_dirs import ServiceDirs, temporary_dirs


@dataclass
class OwnServices:
    """Durable, as in production: what is committed survives a crash."""

    dirs: ServiceDirs
    children: list[Child]
    database_url: str
    redis_url: str

    def crash_postgres(self) -> None:
        """`pg_ctl stop -m immediate` and `pg_ctl start`: nothing is written down, and every connection is cut."""
        postgres = next(child for child in self.children if child.name == "postgres")
        postgres.process.send_signal(signal.SIGQUIT)
        postgres.process.wait(30)
        self.children.remove(postgres)
        start_postgres(self.dirs, self.children)
        connections["default"].close()

    def flush_valkey(self) -> None:
        with Redis.from_url(self.redis_url) as valkey:
            valkey.flushall()


@contextmanager
def own_services() -> Iterator[OwnServices]:
    """The services, empty; in this thread `connection` is one to their database."""
    dirs, children = replace(temporary_dirs(), durable=True), list[Child]()
    theirs = connections["default"]
    try:
        services = OwnServices(dirs, children, start_postgres(dirs, children), start_valkey(dirs, children))
        ours = theirs.copy()
        place = {"HOST": str(dirs.sockets), "NAME": ROLE, "USER": ROLE, "PASSWORD": "", "PORT": ""}
        ours.settings_dict.update(place)
        connections["default"] = ours
        yield services
        ours.close()
    finally:
        connections["default"] = theirs
        stop_all(children, 15)
        replace(dirs, durable=False).delete_temporary()
