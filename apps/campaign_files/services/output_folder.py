"""Replacing a folder as a whole."""

import os
import shutil
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.utils.translation import gettext as _

from apps.core.errors import DomainError

from ..file_types import templates


def check_folder(folder: Path, names: Collection[str], *, force: bool) -> None:
    """Raises DomainError where files with these names must not be put into the folder."""
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise _refused(_("%(folder)s is not a folder that can be written to. Choose another one."), folder)
    if not folder.is_dir() or not any(folder.iterdir()):
        return
    if not force:
        raise _refused(
            _("%(folder)s is not empty. Name an empty folder, or replace the campaign's files in it with --force."),
            folder,
        )
    left = [f"{templates.FOLDER}/{path.name}" for path in sorted((folder / templates.FOLDER).glob("*"))]
    if others := [name for name in left if name not in names]:
        raise _refused(
            _(
                "%(files)s in %(folder)s: the campaign has no letter template with this file name, and "
                "loading would add it as one more. Move it away, then try again."
            ),
            folder,
            files=", ".join(others),
        )


@contextmanager
def temporary_folder(folder: Path) -> Iterator[Path]:
    """Beside `folder`, and removed afterwards unless it was put in its place."""
    new = None
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        new = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        yield new
    except OSError as error:
        raise _refused(_("%(folder)s cannot be written: %(reason)s."), folder, reason=_reason(error)) from None
    finally:
        if new:
            shutil.rmtree(new, ignore_errors=True)


def replace_folder(new: Path, folder: Path) -> None:
    """Keeps files that only the old folder has. If anything fails, the old one stays."""
    old = new.with_name(f"{new.name}-old")
    try:
        if folder.exists():
            _copy_missing(folder, new)
            shutil.copymode(folder, new)
            os.replace(folder, old)
        else:
            new.chmod(0o755)
        try:
            os.replace(new, folder)
        except OSError:
            if old.exists():
                os.replace(old, folder)
            raise
    except (OSError, shutil.Error) as error:
        raise _refused(_("%(folder)s was not changed: %(reason)s."), folder, reason=_reason(error)) from None
    shutil.rmtree(old, ignore_errors=True)


def _copy_missing(folder: Path, new: Path) -> None:
    for path in folder.iterdir():
        copy = new / path.name
        if copy.exists() or copy.is_symlink():
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.copytree(path, copy, symlinks=True)
        else:
            shutil.copy2(path, copy, follow_symlinks=False)


def _refused(message: str, folder: Path, **values: str) -> DomainError:
    return DomainError(message % {"folder": folder, **values})


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
