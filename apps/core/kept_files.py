"""Public files too large for the cache of pages: each process keeps the few that were asked for last, compressed, in
files that have no name and are gone with it."""

import gzip
import hashlib
import tempfile
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from os import pread
from typing import Any, BinaryIO, cast

from .page_cache import drop_mark

#: files of a process
MOST = 4
PORTION = 1 << 16
#: the fastest: names shrink to two fifths, with 9 to a third at a tenth of the speed
COMPRESSION = 1


@dataclass(frozen=True)
class KeptFile:
    """`etag` is of the plain content. Any number of readers may read it at once."""

    file: BinaryIO
    size: int
    etag: str
    mark: tuple[Any] | None
    made_at: float = field(default_factory=time.monotonic)

    def compressed(self) -> Iterator[bytes]:
        """The content by gzip, `size` bytes."""
        for start in range(0, self.size, PORTION):
            yield pread(self.file.fileno(), PORTION, start)

    def plain(self) -> Iterator[bytes]:
        unpack = zlib.decompressobj(wbits=31)
        for portion in self.compressed():
            yield unpack.decompress(portion)
        yield unpack.flush()


_kept: dict[str, KeptFile] = {}
_lock = threading.Lock()


def kept_file(key: str, write: Callable[[BinaryIO], object], *, seconds: int) -> KeptFile:
    """The file of that key, made by `write` unless one is not older than that and `pages_drop` was not called since.
    One at a time is made, and the others wait: it costs a second of processor time."""
    with _lock:
        mark = drop_mark()
        found = _kept.pop(key, None)
        if found is None or mark is None or found.mark != mark or time.monotonic() - found.made_at > seconds:
            found = KeptFile(*write_file(write), mark)
        _kept[key] = found
        for oldest in list(_kept)[:-MOST]:
            del _kept[oldest]
        return found


def write_file(write: Callable[[BinaryIO], object]) -> tuple[BinaryIO, int, str]:
    """(a file without a name that has what `write` wrote, compressed; its size; the ETag)."""
    file = cast("BinaryIO", tempfile.TemporaryFile())  # noqa: SIM115  # closed with its last reader
    packed = gzip.GzipFile(fileobj=file, mode="wb", compresslevel=COMPRESSION, mtime=0)
    hashing = _Hashing(packed)
    with packed:
        write(cast("BinaryIO", hashing))
    file.flush()
    return file, file.tell(), f'W/"{hashing.digest.hexdigest()[:32]}"'


class _Hashing:
    """Hands bytes on, and keeps their hash."""

    def __init__(self, file: gzip.GzipFile) -> None:
        self.file, self.digest = file, hashlib.sha256()

    def write(self, content: bytes) -> int:
        self.digest.update(content)
        return self.file.write(content)
