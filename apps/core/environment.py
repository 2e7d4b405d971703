"""Environment variables, and files with secrets. Does not need Django."""

import os
from pathlib import Path

LEVELS = {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}
YES = {"1", "true", "yes", "on"}
NO = {"0", "false", "no", "off", ""}


class UnusableSetting(SystemExit):
    """A setting with which the product must not start. The message says which, and how to set it.

    It ends the program with the message alone: a traceback would hide it, and could show the value.
    """


def text(name: str, default: str | None = None) -> str:
    """Return variable `name`; `NAME_FILE` (a path) wins, as Docker and Kubernetes hand over secrets.

    Raises UnusableSetting where neither is given and there is no default, or where the file cannot be read.
    """
    path = os.environ.get(f"{name}_FILE")
    if path:
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except UnicodeDecodeError:
            reason = "it is not text in UTF-8"
        except (OSError, ValueError) as error:  # ValueError: a path with a null byte
            reason = getattr(error, "strerror", "") or "it is not a path"
        raise UnusableSetting(
            f"{name}_FILE={path} cannot be read: {reason}. Give the path of a file with {name} that this user "
            f"may read, or unset {name}_FILE and give {name}."
        )
    value = os.environ.get(name, default)
    if value is None:
        raise UnusableSetting(
            f"{name} is not set. Give {name}, or {name}_FILE with the path of a file that contains it."
        )
    return value


def prefixed(prefix: str) -> dict[str, str]:
    """All variables that begin with `prefix`, without it; as a file too (`NAME_FILE`)."""
    names = {name.removesuffix("_FILE") for name in os.environ if name.startswith(prefix)}
    return {name.removeprefix(prefix): text(name) for name in sorted(names)}


def flag(name: str, default: bool = False) -> bool:
    """True for 1, true, yes, on (any case), False for 0, false, no, off and nothing. Raises UnusableSetting for others:
    a typo must not switch anything off."""
    value = text(name, "1" if default else "0").lower()
    if value not in YES | NO:
        raise UnusableSetting(f"{name} must be 1 or 0. Set it to one of them, or unset it.")
    return value in YES


def words(name: str, default: str = "") -> list[str]:
    """A list separated by commas or spaces."""
    return text(name, default).replace(",", " ").split()


def integer(name: str, default: int) -> int:
    """A whole number, 0 or more. Raises UnusableSetting where it is something else."""
    value = text(name, str(default))
    if not (value.isascii() and value.isdecimal()):
        raise UnusableSetting(
            f"{name} must be a whole number, not {value!r}. Give digits only, or unset it for {default}."
        )
    return int(value)


def level(name: str, default: str) -> str:
    """A log level, in capitals. Raises UnusableSetting for another word."""
    value = text(name, default).upper()
    if value not in LEVELS:
        raise UnusableSetting(f"{name} is not a log level. Give DEBUG, INFO, WARNING, ERROR or CRITICAL.")
    return value
