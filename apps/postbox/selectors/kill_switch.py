"""Whether mail may leave: the kill switch, the mode and the epoch."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from apps.core.times import reader_time

#: turns synchronous_commit on for this transaction, where the role or the database turned it off: a commit lost in a
#: crash would let a letter leave twice
_READ = """
SELECT killed, killed_at, reason, epoch, database,
       set_config('synchronous_commit', CASE current_setting('synchronous_commit')
         WHEN 'off' THEN 'on' ELSE current_setting('synchronous_commit') END, true)
FROM postbox_switch WHERE id = 1
"""
#: cluster, timeline (changes with a failover or a restored backup), database and table (change when a dump is loaded)
_WHICH = """
SELECT (SELECT system_identifier FROM pg_control_system())::text
       || '/' || left(pg_walfile_name(pg_current_wal_lsn()), 8)
       || '/' || (SELECT oid FROM pg_database WHERE datname = current_database())::text
       || '/' || 'postbox_switch'::regclass::oid::text,
       current_setting('fsync')
"""


@dataclass(frozen=True)
class SwitchState:
    """`database` is where the epoch was adopted, "" if never."""

    killed: bool
    killed_at: datetime | None
    reason: str
    epoch: str
    database: str


def switch_read(*, share: bool = False) -> SwitchState:
    """The state of the switch, made if missing. With `share`, inside a transaction, nobody can kill until it ends."""
    query = _READ + (" FOR SHARE" if share else "")
    with connection.cursor() as cursor:
        cursor.execute(query)
        row = cursor.fetchone()
        if row is None:
            cursor.execute(
                "INSERT INTO postbox_switch (id, killed, reason, epoch, database) "
                "VALUES (1, false, '', '', '') ON CONFLICT DO NOTHING"
            )
            cursor.execute(query)
            row = cursor.fetchone()
    return SwitchState(*row[:5])


def database_identity() -> tuple[str, bool]:
    """(which database this is, whether its server flushes to disk)."""
    with connection.cursor() as cursor:
        cursor.execute(_WHICH)
        identity, fsync = cursor.fetchone()
    return identity, fsync == "on"


def hold_reason(switch: SwitchState) -> str:
    """Why no mail may leave now, as a sentence for people; "" if it may."""
    if switch.killed:
        values = {"since": reader_time(switch.killed_at) if switch.killed_at else "–", "why": switch.reason or "–"}
        return _("All sending has been stopped since %(since)s: %(why)s. An operator can resume it.") % values
    box = settings.POSTBOX
    if box["MODE"] == "sink":
        return ""
    if box["MODE"] != "live":
        return _("POSTBOX_MODE is “%(mode)s”; it must be sink or live.") % {"mode": box["MODE"]}
    return _live_hold(switch)


def _live_hold(switch: SwitchState) -> str:
    box = settings.POSTBOX
    if not box["LIVE_ALLOWED"]:
        return _("The postbox is set to live, but POSTBOX_LIVE=1 is missing in the environment.")
    if not box["EPOCH"]:
        return _(
            "The postbox is set to live, but POSTBOX_EPOCH is empty. Set it, then: manage.py postbox_switch adopt."
        )
    identity, durable = database_identity()
    if switch.epoch != box["EPOCH"] or switch.database != identity:
        return _(
            "The database does not carry this installation’s epoch. It is new, or a restored backup or copy, whose "
            "letters may have been sent already. An operator has to check and adopt it: manage.py postbox_switch adopt."
        )
    if not durable:
        return _("The database server runs with fsync=off: after a crash letters could be sent twice. Turn it on.")
    return ""
