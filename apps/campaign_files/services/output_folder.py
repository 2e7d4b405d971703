"""Putting a finished folder in the place of another: whole or not at all."""

import os
import shutil
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.utils.translation import gettext as _

from apps.core.errors import DomainError

from ..file_types import templates


def folder_check(folder: Path, names: Collection[str], *, force: bool) -> None:
    """Raises folder_refused where files with these names may not be put into the folder."""
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise DomainError(
            _("%(folder)s is not an ordinary folder. Choose another one.") % {"folder": folder}, code="folder_refused"
        )
    if not folder.is_dir() or not any(folder.iterdir()):
        return
    if not force:
        raise DomainError(
            _("%(folder)s is not empty. Name an empty folder, or replace the campaign's files in it with --force.")
            % {"folder": folder},
            code="folder_refused",
        )
    left = [f"{templates.FOLDER}/{path.name}" for path in sorted((folder / templates.FOLDER).glob("*"))]
    if others := [name for name in left if name not in names]:
        raise DomainError(
            _(
                "%(files)s in %(folder)s: no letter template of the campaign is written to a file of this name, and "
                "loading would take it for one more. Move it away, then try again."
            )
            % {"files": ", ".join(others), "folder": folder},
            code="folder_refused",
        )


@contextmanager
def folder_beside(folder: Path) -> Iterator[Path]:
    """A new folder beside the one that is meant, gone afterwards unless it was put in its place."""
    made = None
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        yield made
    except OSError as error:
        raise DomainError(
            _("%(folder)s cannot be written: %(reason)s.") % _of(folder, error), code="folder_refused"
        ) from None
    finally:
        if made:
            shutil.rmtree(made, ignore_errors=True)


def folder_put(made: Path, folder: Path) -> None:
    """Put `made` where `folder` is. What lay in the old one and is not in the new one is taken along; if anything
    fails, the old one is in its place as it was."""
    old = made.with_name(f"{made.name}-old")
    try:
        if folder.exists():
            _take_along(folder, made)
            shutil.copymode(folder, made)
            os.replace(folder, old)
        else:
            made.chmod(0o755)
        try:
            os.replace(made, folder)
        except OSError:
            if old.exists():
                os.replace(old, folder)
            raise
    except (OSError, shutil.Error) as error:
        raise DomainError(
            _("%(folder)s stays as it was: %(reason)s.") % _of(folder, error), code="folder_refused"
        ) from None
    shutil.rmtree(old, ignore_errors=True)


def _take_along(folder: Path, made: Path) -> None:
    for path in folder.iterdir():
        new = made / path.name
        if new.exists() or new.is_symlink():
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.copytree(path, new, symlinks=True)
        else:
            shutil.copy2(path, new, follow_symlinks=False)


def _of(folder: Path, error: Exception) -> dict[str, str]:
    return {"folder": str(folder), "reason": getattr(error, "strerror", None) or str(error)}
