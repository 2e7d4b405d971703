"""Whether static/ is what frontend/ would build: by hashes, without Node.

The build writes static/build-manifest.json: {"sources": {path: sha256}, "outputs": {path: sha256}}.
"""

import hashlib
import json
import sys
from pathlib import Path

from .processes import ROOT

MANIFEST = "static/build-manifest.json"
BUILT = "static/js/editor"
SOURCES = "frontend/src"
REMEDY = "Build again: cd frontend && npm ci && npm run build"


def problems(root: Path) -> list[str]:
    """Sentences about differences; empty when there are none."""
    try:
        manifest = json.loads((root / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return [f"{MANIFEST} is missing."]
    recorded = {**manifest["sources"], **manifest["outputs"]}
    found = []
    for path, digest in sorted(recorded.items()):
        if not (root / path).is_file():
            found.append(f"{path} is missing.")
        elif hashlib.sha256((root / path).read_bytes()).hexdigest() != digest:
            found.append(f"{path} has changed since the assets were built.")
    present = {*files(root, SOURCES), *files(root, BUILT)}
    found += [f"{path} is not in the manifest." for path in sorted(present - set(recorded))]
    return found


def files(root: Path, folder: str) -> set[str]:
    return {path.relative_to(root).as_posix() for path in (root / folder).rglob("*") if path.is_file()}


def main() -> int:
    found = problems(ROOT)
    if found:
        print("\n".join([*found, REMEDY]))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
