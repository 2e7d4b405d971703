"""Find recipients that may be the same, by address, post and name, without comparing all pairs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice

from apps.core.similarity import similarity
from apps.governments.models import Recipient

#: member, kind and name of the office, post, name; folded
type Identity = tuple[int, str, str, str, str]
type Found = dict[int, tuple[Recipient, str]]

#: at most so many holders of one post, address or name are compared one by one
MAX_COMPARED = 20
#: similarity of two words of a name with the same first letter, such as Mohamed and Muhammad
MIN_SIMILARITY = 0.65


class MatchIndex:
    """Recipients, stored or from earlier rows, by what they may share with a row."""

    def __init__(self) -> None:
        self._by_address: dict[tuple[str, int], list[Recipient]] = defaultdict(list)
        #: address → government → first recipient
        self._by_address_anywhere: dict[str, dict[int, Recipient]] = defaultdict(dict)
        self._by_post: dict[tuple[int, str, str, str], _Post] = defaultdict(_Post)
        self._by_name: dict[tuple[int, str], list[tuple[Recipient, Identity]]] = defaultdict(list)

    def add(self, recipient: Recipient, key: Identity) -> None:
        self._by_post[key[:4]].add(recipient, key[4])
        if (named := _name_key(key)) and len(self._by_name[named]) < MAX_COMPARED:
            self._by_name[named].append((recipient, key))

    def add_address(self, recipient: Recipient, digest: str) -> None:
        member = recipient.office.member_id
        if len(sharing := self._by_address[digest, member]) < MAX_COMPARED:
            sharing.append(recipient)
        if len(self._by_address_anywhere[digest]) < MAX_COMPARED:
            self._by_address_anywhere[digest].setdefault(member, recipient)

    def find(self, key: Identity, digests: Iterable[str]) -> Found:
        """{id(recipient): (recipient, why)} in the same government, with the strongest reason for each."""
        found: Found = {}
        post = self._by_post.get(key[:4])
        near = list(post.near(key[4])) if post else []
        for recipient, why in near:
            if why == "same":
                found[id(recipient)] = (recipient, why)
        for digest in sorted(digests):
            for recipient in self._by_address.get((digest, key[0]), ()):
                found.setdefault(id(recipient), (recipient, "address"))
        for recipient, why in near:
            found.setdefault(id(recipient), (recipient, why))
        named = _name_key(key)
        for recipient, theirs in self._by_name.get(named, ()) if named else ():
            found.setdefault(id(recipient), (recipient, "post" if theirs[:3] == key[:3] else "named"))
        return found

    def find_elsewhere(self, member: int, digests: Iterable[str]) -> Found:
        """One recipient of another government with one of the addresses: never merged, but worth a question."""
        held = [self._by_address_anywhere.get(digest, {}) for digest in sorted(digests)]
        others = (recipient for by_member in held for theirs, recipient in by_member.items() if theirs != member)
        return {id(recipient): (recipient, "elsewhere") for recipient in islice(others, 1)}


def _name_key(key: Identity) -> tuple[int, str] | None:
    """None for a name of one word, which many people in a government have: Sow, vacant."""
    return (key[0], key[4].replace(" ", "")) if " " in key[4] else None


class _Post:
    """The holders of one post in one office; if there are many, indexed by parts of their names."""

    def __init__(self) -> None:
        self.holders: list[tuple[Recipient, str]] = []
        self.by_part: dict[tuple[str, str], list[tuple[Recipient, str]]] = {}
        self.offered_nameless = False

    def add(self, recipient: Recipient, name: str) -> None:
        self.holders.append((recipient, name))
        if len(self.holders) > MAX_COMPARED:
            for holder in self.holders if not self.by_part else [(recipient, name)]:
                for part in _parts(holder[1]):
                    sharing = self.by_part.setdefault(part, [])
                    if len(sharing) < MAX_COMPARED:
                        sharing.append(holder)

    def near(self, name: str) -> Iterator[tuple[Recipient, str]]:
        sharing = self.holders
        if self.by_part:
            sharing = [holder for part in _parts(name) for holder in self.by_part.get(part, ())]
        for recipient, theirs in sharing:
            if theirs == name:
                yield recipient, "same"
            elif name and theirs:
                if are_names_similar(name, theirs):
                    yield recipient, "name"
            elif len(self.holders) == 1 and not self.offered_nameless:
                # only once: an unnamed row is not offered for each of many holders
                self.offered_nameless = True
                yield recipient, "nameless"


def _parts(name: str) -> set[tuple[str, str]]:
    """What spellings of a name share: the whole, or a word and the first letter of another word."""
    words = name.split()
    return {("", name.replace(" ", ""))} | {
        (word, other[0]) for word in words if len(word) > 2 for other in words if other is not word
    }


def are_names_similar(one: str, other: str) -> bool:
    """Whether each word of the shorter folded name is, in any order, a word of the longer one, its initial, or
    spelled much like it."""
    if one.replace(" ", "") == other.replace(" ", ""):
        return True
    fewer, more = sorted((one.split(), other.split()), key=len)
    full = False
    for word in fewer:
        match = next((theirs for theirs in more if _are_words_similar(word, theirs)), None)
        if match is None:
            return False
        more.remove(match)
        full = full or min(len(word), len(match)) > 1
    return full


def _are_words_similar(one: str, other: str) -> bool:
    if one == other:
        return True
    if one[0] != other[0] or not (one.isalpha() and other.isalpha()):
        return False
    return min(len(one), len(other)) == 1 or similarity(one, other) > MIN_SIMILARITY
