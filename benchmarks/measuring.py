"""How benchmarks measure: rates beside a floor of the same run, so that a line means the same on every machine."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

ROUNDS = 9
#: one measurement lasts at least this long (seconds), so that the clock's grain does not matter
SHORTEST = 0.05


@dataclass(frozen=True)
class Line:
    """One line of `make bench`. `value` and `floor` are rates (1/s), higher is better. `ratio` is the median of
    their quotients: a machine that is slow for a moment slows both."""

    name: str
    goal: float
    ratio: float
    value: float
    floor: float

    def __str__(self) -> str:
        return (
            f"{self.name} ratio={self.ratio:.2f} goal={self.goal:.2f} value={self.value:.0f}/s floor={self.floor:.0f}/s"
        )


def compare(name: str, *, goal: float, work: Callable[[], object], floor: Callable[[], object], items: int = 1) -> Line:
    """Run `work` and `floor` in turns, each of which handles `items` things; returns medians."""
    work(), floor()  # imports, caches
    repeats = {act: _repeats(act) for act in (work, floor)}
    pairs = []
    for number in range(ROUNDS):
        order = (work, floor) if number % 2 == 0 else (floor, work)
        rates = {act: items * repeats[act] / _seconds(act, repeats[act]) for act in order}
        pairs.append((rates[work], rates[floor]))
    return Line(
        name,
        goal,
        statistics.median(value / least for value, least in pairs),
        statistics.median(value for value, _ in pairs),
        statistics.median(least for _, least in pairs),
    )


def _repeats(act: Callable[[], object]) -> int:
    count = 1
    while (seconds := _seconds(act, count)) < SHORTEST:
        count = max(count + 1, int(count * SHORTEST / max(seconds, 1e-6)))
    return count


def _seconds(act: Callable[[], object], count: int) -> float:
    start = time.perf_counter()
    for _ in range(count):
        act()
    return time.perf_counter() - start


def sustained(
    name: str, *, goal: float, work: Callable[[], object], floor: Callable[[], object], seconds: float = 2.5
) -> Line:
    """Run each for so many seconds, three times in turns: what comes up every few seconds has its share."""
    rates: dict[Callable[[], object], list[float]] = {work: [], floor: []}
    for _ in range(3):
        for act in (work, floor):
            number, start = 0, time.perf_counter()
            while (took := time.perf_counter() - start) < seconds:
                act()
                number += 1
            rates[act].append(number / took)
    value, least = (statistics.median(rates[act]) for act in (work, floor))
    return Line(name, goal, value / least, value, least)
