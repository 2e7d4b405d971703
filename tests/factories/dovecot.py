"""A real IMAP server on loopback: Dovecot as an unprivileged user, with its mail in a temporary directory."""

import grp
import imaplib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from scripts.processes import account_named, account_options

CONFIG = """
base_dir = {base}/run
state_dir = {base}/state
log_path = {base}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
default_login_user = {user}
default_internal_user = {user}
default_internal_group = {group}
mail_location = maildir:{base}/mail/%u
mail_uid = {uid}
mail_gid = {gid}
first_valid_uid = 1
last_valid_uid = 0
first_valid_gid = 1
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={base}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
auth_failure_delay = 0
service stats {{
  chroot =
}}
protocol imap {{
  imap_capability = {capability}
}}
"""
#: of every account: they are made when somebody signs in
PASSWORD = "mailbox-password"


@dataclass
class Dovecot:
    base: Path
    port: int
    user: str = "answers"

    def connect(self) -> imaplib.IMAP4:
        client = imaplib.IMAP4("127.0.0.1", self.port, timeout=10)
        client.login(self.user, PASSWORD)
        return client

    def append(self, *mails: bytes, folder: str = "INBOX") -> None:
        """Put mails there, as a delivering server would."""
        with self.connect() as client:
            for raw in mails:
                assert client.append(folder, "", "", raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))[0] == "OK"

    def count(self, criterion: str = "ALL", folder: str = "INBOX") -> int:
        with self.connect() as client:
            client.select(f'"{folder}"', readonly=True)
            return len(client.search(None, criterion)[1][0].split())

    def change_uid_validity(self) -> None:
        """As after a restore: the mails stay, and their UIDs mean nothing any more."""
        listed = self.base / "mail" / self.user / "dovecot-uidlist"
        head, *mails = listed.read_text().splitlines(keepends=True)
        version, validity, *rest = head.split()
        listed.write_text("".join([" ".join([version, f"V{int(validity[1:]) + 1}", *rest]) + "\n", *mails]))
        for index in listed.parent.glob("dovecot.index*"):
            index.unlink()


@contextmanager
def running_dovecot(*, capability: str = "") -> Iterator[Dovecot]:
    """The server, until the block ends. `capability` replaces what it announces."""
    program = shutil.which("dovecot") or "/usr/sbin/dovecot"
    account = account_named("nobody", "postgres") if os.getuid() == 0 else None
    who = account or pwd.getpwuid(os.getuid())
    base = Path(tempfile.mkdtemp(prefix="dovecot-"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    config = base / "dovecot.conf"
    config.write_text(
        CONFIG.format(
            base=base,
            user=who.pw_name,
            group=grp.getgrgid(who.pw_gid).gr_name,
            uid=who.pw_uid,
            gid=who.pw_gid,
            port=port,
            password=PASSWORD,
            capability=capability,
        )
    )
    for folder in ("run", "state", "mail"):
        (base / folder).mkdir()
    for path in (base, *base.iterdir()):
        os.chown(path, who.pw_uid, who.pw_gid)
    process = subprocess.Popen(
        [program, "-F", "-c", str(config)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd="/",
        **account_options(account),
    )
    try:
        _wait(process, port, base)
        yield Dovecot(base, port)
    finally:
        process.terminate()
        process.wait(20)
        shutil.rmtree(base, ignore_errors=True)


def _wait(process: "subprocess.Popen[bytes]", port: int, base: Path) -> None:
    ends = time.monotonic() + 20
    while time.monotonic() < ends and process.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1) as wire:
            if wire.recv(4) == b"* OK":
                return
        time.sleep(0.05)
    log = base / "dovecot.log"
    raise RuntimeError(f"Dovecot did not start: {log.read_text() if log.exists() else process.stdout}")
