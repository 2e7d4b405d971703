from pathlib import Path

import pytest

from tests.factories.campaign_files import MC11, write_folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The small campaign, whole and sound."""
    return write_folder(tmp_path / "sea")


@pytest.fixture
def mc11() -> Path:
    return MC11
