"""A checkout of its own, for commands that start the product."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from .checkouts import copy_checkout

#: spaces, quotes and whatever else a shell has a meaning for
FOLDER = 'it\'s a "näme"; $HOME & co `id` \\ 100%'


@pytest.fixture(scope="session")
def checkout() -> Iterator[Path]:
    """In such a folder, which the unprivileged user of the services may enter, with an environment of its own: hard
    links of ours."""
    root = Path(tempfile.mkdtemp(prefix="ecomcampaign-path-"))
    root.chmod(0o755)
    tree = root / FOLDER
    copy_checkout(tree, environment=True)
    yield tree
    shutil.rmtree(root)
