from pathlib import Path

import pytest
from django.conf import settings

from .making import write_folder

MC11 = Path(settings.BASE_DIR) / "data" / "mc11"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The small campaign, whole and sound."""
    return write_folder(tmp_path / "sea")


@pytest.fixture
def mc11() -> Path:
    return MC11
