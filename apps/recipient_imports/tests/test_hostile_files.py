"""Files that need far more than their size when they are read: the process that serves pages stays small and alive."""

import gc
import resource
import subprocess
from pathlib import Path
from threading import Thread

import pytest

from apps.recipient_imports.spreadsheets import parser_runner
from apps.recipient_imports.spreadsheets.parser_process import CPU_SECONDS
from apps.recipient_imports.spreadsheets.parser_runner import UnreadableFile
from apps.recipient_imports.spreadsheets.reader import read_sheet
from apps.recipient_imports.spreadsheets.table import MAX_BYTES

from .hostile_files import BOMBS, cells, xlsx

#: what reading any file of 20 MB may add to the process that serves pages
MAX_GROWTH = 64 * 1024
HARMLESS = {"a thousand sheets of a thousand cells", "three million merged cells", "five million shared strings"}
TABLE = "Country,Post,Email\nKenya,Minister,m@ke.example\n"


def memory(key: str) -> int:
    """VmRSS (now) or VmHWM (the most since the last reset) in kilobytes."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(key)).split()[1])


def children_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@pytest.mark.parametrize("name", BOMBS)
def test_a_file_that_unfolds_is_refused_within_bounds(name: str) -> None:
    content = BOMBS[name]()
    assert len(content) <= MAX_BYTES
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")
    before, cpu = memory("VmRSS"), children_cpu()
    if name in HARMLESS:
        assert read_sheet(content, preview=True).row_count
    else:
        with pytest.raises(UnreadableFile) as caught:
            read_sheet(content, preview=True)
        assert str(caught.value).endswith(".")
        assert "%(" not in str(caught.value)
    assert memory("VmHWM") - before < MAX_GROWTH
    assert children_cpu() - cpu < CPU_SECONDS + 2


def test_a_dimension_that_names_the_whole_sheet_is_not_believed() -> None:
    content = xlsx('<dimension ref="A1:XFD1048576"/>' + cells(2, 2, "<c><v>1</v></c>"))
    assert [row.cells for row in read_sheet(content).rows] == [["1", "1"]]


def test_whoever_ends_the_parser_gets_a_sentence_and_the_next_file_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the kernel's out-of-memory killer does, or our own limit on time."""
    started = parser_runner._started

    def killed() -> object:
        process = started()
        process.kill()
        return process

    monkeypatch.setattr(parser_runner, "_started", killed)
    with pytest.raises(UnreadableFile, match="takes too long"):
        read_sheet(TABLE.encode() * 100_000)
    monkeypatch.undo()
    assert read_sheet(TABLE.encode()).row_count == 1


@pytest.mark.parametrize(
    ("signal", "said"), [("KILL", "takes too long"), ("XCPU", "takes too long"), ("ABRT", "too much memory")]
)
@pytest.mark.parametrize("cut", [r'[2,["Tog', r'[2,["C\303', "[", r'{"table":{"kind":"csv"'])
def test_a_parser_that_ends_within_a_line_gets_the_same_sentence(
    monkeypatch: pytest.MonkeyPatch, signal: str, said: str, cut: str
) -> None:
    """The pipe is full when it is killed: the last line has no end."""
    script = f"""printf '[1,["Country"]]\\n{cut}'; kill -{signal} $$"""

    def cut_short() -> object:
        return subprocess.Popen(["sh", "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    monkeypatch.setattr(parser_runner, "_started", cut_short)
    with pytest.raises(UnreadableFile, match=said):
        read_sheet(TABLE.encode())


def test_a_slow_file_does_not_hold_the_others_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parser_runner, "MAX_WAIT", 0.01)
    with parser_runner.SLOTS, pytest.raises(UnreadableFile, match="Another file is being read"):
        read_sheet(TABLE.encode())
    assert read_sheet(TABLE.encode()).row_count == 1


def test_files_are_read_from_several_threads() -> None:
    """As gunicorn's do; one after the other, so that their memory does not add up."""
    counts: list[int] = []
    threads = [Thread(target=lambda: counts.append(read_sheet(TABLE.encode()).row_count)) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counts == [1, 1, 1, 1]


def test_the_parser_is_given_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "a secret")
    with parser_runner._started() as process:
        environment = Path(f"/proc/{process.pid}/environ").read_bytes()
        process.kill()
    assert b"a secret" not in environment
