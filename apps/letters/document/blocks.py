"""The passages of a letter that are translated one by one, and which of two texts belong together."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from apps.core.types import JsonObject

from .differences import SHAPE_SIGN, line_text, with_shapes
from .schema import TEXT_BLOCKS
from .traversal import plain_text, walk_nodes

#: what says whom blocks are for and where they come from
FRAMES = frozenset({"audience", "point"})
#: the id under which the subject stands beside the blocks
SUBJECT = "subject"


@dataclass(frozen=True)
class TextBlock:
    """A paragraph, heading or the subject. `words` has fields as {key}, citations as [fact], notes as [their words].
    `form`: the same with what is bold, italic or a link, and the heading, list or quotation that it is in, as
    `document.differences` has them. `frames`: the audience and the talking point around it, the outer one first."""

    id: str
    kind: str
    words: str
    form: str
    node: JsonObject
    frames: tuple[JsonObject, ...] = ()

    @cached_property
    def fields(self) -> list[str]:
        return self._keys("mergeField", "key")

    @cached_property
    def facts(self) -> list[str]:
        return self._keys("citation", "fact")

    @property
    def framed(self) -> JsonObject:
        """The node inside frames of its own."""
        node = self.node
        for frame in reversed(self.frames):
            node = {"type": frame["type"], "attrs": frame["attrs"], "content": [node]}
        return node

    @cached_property
    def has_words(self) -> bool:
        """Whether there is anything to translate besides fields and notes."""
        return any(char.isalpha() for char in plain_text(self.node))

    def _keys(self, kind: str, name: str) -> list[str]:
        return sorted({node["attrs"][name] for node in walk_nodes(self.node) if node["type"] == kind})


@dataclass(frozen=True)
class BlockPair:
    """A block of the original and the one that translates it; one of them may be missing."""

    original: TextBlock | None
    own: TextBlock | None


def text_blocks(subject: str, body: JsonObject) -> list[TextBlock]:
    """The subject, then what can be written in, in reading order. Blocks that say nothing are left out."""
    found = (
        [TextBlock(SUBJECT, SUBJECT, subject, subject, {"type": "text", "text": subject})] if subject.strip() else []
    )
    for (node, frames), (_node, shape) in zip(_in_frames(body), with_shapes(body), strict=True):
        if node["type"] in TEXT_BLOCKS and (words := line_text(node, _named).strip()):
            form = line_text(node, _named, marks=True).strip() + SHAPE_SIGN + shape
            found.append(TextBlock(node.get("attrs", {}).get("id", ""), node["type"], words, form, node, frames))
    return found


def _in_frames(
    node: JsonObject, frames: tuple[JsonObject, ...] = ()
) -> Iterator[tuple[JsonObject, tuple[JsonObject, ...]]]:
    """As walk_nodes, with the frames around each node."""
    yield node, frames
    inner = (*frames, node) if node["type"] in FRAMES else frames
    for child in node.get("content", ()):
        yield from _in_frames(child, inner)


def _named(node: JsonObject) -> str:
    attrs = node["attrs"]
    return f"{{{attrs['key']}}}" if node["type"] == "mergeField" else f" [{attrs.get('fact') or attrs['text']}]"


def block_pairs(
    originals: list[TextBlock], own: list[TextBlock], known: Mapping[str, str] | None = None
) -> list[BlockPair]:
    """In the order of the original; what only the translation has follows what stands before it there.

    Blocks belong together that `known` says ({id in the original: id in the translation}), then those with the same id,
    as a copy has them, then those of one kind between the same neighbours."""
    matched = _by_id(originals, own, known or {})
    _between_neighbours(originals, own, matched, gone=set((known or {}).values()))
    return list(_ordered(originals, own, matched))


def _by_id(originals: list[TextBlock], own: list[TextBlock], known: Mapping[str, str]) -> dict[int, int]:
    """{place in the original: place in the translation}"""
    places = {block.id: place for place, block in enumerate(own)}
    matched: dict[int, int] = {}
    for place, block in enumerate(originals):
        if (there := places.get(known.get(block.id, ""))) is not None:
            matched[place] = there
    taken = set(matched.values())
    for place, block in enumerate(originals):
        there = places.get(block.id)
        if place not in matched and there is not None and there not in taken and own[there].kind == block.kind:
            matched[place] = there
            taken.add(there)
    return matched


def _between_neighbours(
    originals: list[TextBlock], own: list[TextBlock], matched: dict[int, int], gone: set[str]
) -> None:
    """Adds what stands between the same neighbours, kind by kind in order. `gone`: translates what was removed."""
    taken = set(matched.values())
    for free, run in groupby(range(len(originals)), key=lambda place: place not in matched):
        if not free:
            continue
        places = list(run)
        before, after = matched.get(places[0] - 1, -1), matched.get(places[-1] + 1, len(own))
        waiting = [place for place in range(before + 1, after) if place not in taken and own[place].id not in gone]
        for place in places:
            there = next((one for one in waiting if own[one].kind == originals[place].kind), None)
            if there is not None:
                matched[place] = there
                waiting = [one for one in waiting if one > there]


def _ordered(originals: list[TextBlock], own: list[TextBlock], matched: Mapping[int, int]) -> Iterator[BlockPair]:
    taken = set(matched.values())
    following: dict[int, list[TextBlock]] = {}
    last = -1
    for place, block in enumerate(own):
        if place in taken:
            last = place
        else:
            following.setdefault(last, []).append(block)
    yield from _alone(following.get(-1, ()))
    for place, block in enumerate(originals):
        there = matched.get(place)
        yield BlockPair(block, None if there is None else own[there])
        if there is not None:
            yield from _alone(following.get(there, ()))


def _alone(blocks: Iterable[TextBlock]) -> Iterator[BlockPair]:
    return (BlockPair(None, block) for block in blocks)
