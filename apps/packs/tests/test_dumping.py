"""Writing a campaign to files: load, dump and load again changes nothing, whatever the texts hold."""

from pathlib import Path

import pytest

from apps.packs.services import campaign_dump, campaign_load

pytestmark = pytest.mark.django_db


def texts(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.parametrize("which", ["folder", "mc11"])
def test_loading_what_was_dumped_changes_nothing(which: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    campaign_load(folder=request.getfixturevalue(which))
    slug = {"folder": "sea2031", "mc11": "mc11"}[which]
    campaign_dump(slug=slug, folder=tmp_path / "one")
    report = campaign_load(folder=tmp_path / "one")
    assert (report.created, report.changed, report.missing_files) == (0, 0, [])
    campaign_dump(slug=slug, folder=tmp_path / "two")
    assert texts(tmp_path / "one") == texts(tmp_path / "two")
