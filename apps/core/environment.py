"""Reading the environment: plain values, and secrets that may stand in a file. Knows nothing of Django."""

import os
from pathlib import Path


class MissingSetting(RuntimeError):
    """A setting without which the product must not start. The message says which and how to give it."""


def text(name: str, default: str | None = None) -> str:
    """Return variable `name`; `NAME_FILE` (a path) wins, as Docker and Kubernetes hand over secrets.

    Raises MissingSetting where neither is given and there is no default.
    """
    path = os.environ.get(f"{name}_FILE")
    if path:
        return Path(path).read_text(encoding="utf-8").strip()
    value = os.environ.get(name, default)
    if value is None:
        raise MissingSetting(f"{name} is not set. Give {name}, or {name}_FILE with the path of a file that holds it.")
    return value


def flag(name: str, default: bool = False) -> bool:
    """True for 1, true, yes, on (any case)."""
    return text(name, "1" if default else "0").lower() in {"1", "true", "yes", "on"}


def words(name: str, default: str = "") -> list[str]:
    """A list separated by commas or spaces."""
    return text(name, default).replace(",", " ").split()


def integer(name: str, default: int) -> int:
    """A whole number. Raises MissingSetting where it is something else."""
    value = text(name, str(default))
    try:
        return int(value)
    except ValueError:
        raise MissingSetting(f"{name} must be a whole number, not {value!r}.") from None
