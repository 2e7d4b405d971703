"""Directories of PostgreSQL and Valkey for data, sockets and logs, and the account that runs them."""

import hashlib
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from pwd import struct_passwd

from .processes import ROOT, CannotRun, account_named, account_options, is_alive

#: for root, where the unprivileged account cannot enter the checkout
SYSTEM_DATA = Path("/var/lib/ecomcampaign")
TEMPORARY_PREFIX = "ecomcampaign-test-"
#: characters that are special to a shell within double quotes
SHELL_SPECIAL = frozenset('"$`\\')
#: the services' environment: without a person's PGDATA or locale
CLEAN_ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C"}


@dataclass(frozen=True)
class ServiceDirs:
    """`base` is this user's; `sockets` and each `directory()` belong to `account` (None: this user) and are closed to
    others. `delete_temporary()` deletes what is not `durable`."""

    base: Path
    sockets: Path
    account: struct_passwd | None
    durable: bool

    def directory(self, name: str) -> Path:
        return private_directory(self.base / name, self.account)

    def programs(self) -> Path:
        """Directory for copies of programs, writable for this user only."""
        if SHELL_SPECIAL.intersection(str(self.base)):
            return private_directory(self.sockets.with_name(f"{self.sockets.name}-programs"), None, mode=0o755)
        return self.base / "programs"

    def log_file(self, name: str) -> Path:
        """Log file of service `name`, in a directory of this user."""
        (self.base / "log").mkdir(exist_ok=True)
        return self.base / "log" / f"{name}.log"

    def run(self, command: Sequence[str], given: str = "") -> str:
        """Run a command as the account and return its output; root must not follow links in the account's directories.
        Raises CannotRun with its error."""
        try:
            done = subprocess.run(
                command, input=given, text=True, capture_output=True, check=True, timeout=120, env=CLEAN_ENVIRONMENT,
                cwd="/", **account_options(self.account),
            )  # fmt: skip
        except subprocess.CalledProcessError as error:
            raise CannotRun(f"{Path(command[0]).name} failed: {(error.stderr or error.stdout).strip()}") from error
        except (OSError, subprocess.SubprocessError) as error:
            person = f" as user {self.account.pw_name}" if self.account else ""
            raise CannotRun(f"{command[0]} cannot run{person}: {error}") from error
        return done.stdout

    def write(self, path: Path, text: str) -> None:
        self.run(["/bin/sh", "-c", 'umask 077 && cat >"$1"', "sh", str(path)], text)

    def remove(self, path: Path) -> None:
        self.run(["/bin/rm", "-rf", str(path)])

    def can_reach(self, path: Path) -> bool:
        """Whether the account may read and enter `path` and everything above it."""
        try:
            self.run(["/bin/sh", "-c", '[ -r "$1" ] && [ -x "$1" ]', "sh", str(path)])
        except CannotRun:
            return False
        return True

    def user_names(self) -> list[str]:
        """Names of the users who connect: this one and the account. Empty where this user has no name."""
        try:
            ours = pwd.getpwuid(os.geteuid()).pw_name
        except KeyError:
            return []
        return [ours, self.account.pw_name] if self.account else [ours]

    def delete_temporary(self) -> None:
        if not self.durable:
            shutil.rmtree(self.base, ignore_errors=True)


def persistent_dirs() -> ServiceDirs:
    """For `make run`: .run/ of the checkout, or SYSTEM_DATA where the services' account cannot enter it."""
    account = services_account()
    base = ROOT / ".run"
    base.mkdir(exist_ok=True)
    if not os.access(base, os.W_OK):
        raise CannotRun(f"{base} belongs to user number {base.stat().st_uid}. Run as that user, or remove it as root.")
    if not ServiceDirs(base, base, account, True).can_reach(base):
        base = SYSTEM_DATA / _short_hash(ROOT)
        base.mkdir(mode=0o755, parents=True, exist_ok=True)
    sockets = _tmp() / f"ecomcampaign-{os.geteuid()}-{_short_hash(base)}"
    return ServiceDirs(base, private_directory(sockets, account), account, durable=True)


def temporary_dirs() -> ServiceDirs:
    """For tests: a directory that is deleted afterwards. Removes those of killed runs."""
    for old in _tmp().glob(f"{TEMPORARY_PREFIX}*/owner.pid"):
        with suppress(FileNotFoundError, ValueError):  # another run deletes or writes it
            if old.lstat().st_uid == os.geteuid() and not is_alive(int(old.read_text())):
                shutil.rmtree(old.parent, ignore_errors=True)
    account = services_account()
    base = Path(tempfile.mkdtemp(prefix=TEMPORARY_PREFIX, dir=_tmp()))
    (base / "owner.pid").write_text(str(os.getpid()))
    if account:
        base.chmod(0o711)
    return ServiceDirs(base, private_directory(base / "sockets", account), account, durable=False)


def services_account() -> struct_passwd | None:
    """An unprivileged user for root, as whom PostgreSQL refuses to run; otherwise None."""
    return account_named("postgres", "nobody") if os.geteuid() == 0 else None


def private_directory(path: Path, account: struct_passwd | None, mode: int = 0o700) -> Path:
    """Create `path`, or check that it is the account's and no more open than `mode`. Raises CannotRun."""
    owner = account.pw_uid if account else os.geteuid()
    try:
        path.mkdir(mode=mode)
    except FileExistsError:
        found = path.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or found.st_mode & 0o777 & ~mode:
            raise CannotRun(
                f"{path} should be a directory of user number {owner}, closed to others. Remove it."
            ) from None
    else:
        if account:
            os.chown(path, account.pw_uid, account.pw_gid)
    return path


def _tmp() -> Path:
    """/tmp where it is writable: a socket's path has at most 107 bytes."""
    return Path("/tmp") if os.access("/tmp", os.W_OK | os.X_OK) else Path(tempfile.gettempdir())


def _short_hash(path: Path) -> str:
    return hashlib.sha256(str(path).encode()).hexdigest()[:8]
