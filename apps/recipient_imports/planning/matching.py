"""Recipients that may be one: found by address, post and name. Nobody is compared with everybody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice

from apps.core.similarity import similarity
from apps.governments.models import Recipient

#: member, kind and name of the office, post, name; folded
type Identity = tuple[int, str, str, str, str]
type Found = dict[int, tuple[Recipient, str]]

#: so many holders of one post, or sharers of an address or a name, are compared one by one
MOST = 20
#: how like two words of a name must be, beyond their first letter: Mohamed and Muhammad are
LIKE = 0.65


class Alike:
    """Who is known, stored or from a row before, by what they may share with a row."""

    def __init__(self) -> None:
        self._by_address: dict[tuple[str, int], list[Recipient]] = defaultdict(list)
        self._elsewhere: dict[str, dict[int, Recipient]] = defaultdict(dict)  # address → government → its first
        self._by_post: dict[tuple[int, str, str, str], _Post] = defaultdict(_Post)
        self._by_name: dict[tuple[int, str], list[tuple[Recipient, Identity]]] = defaultdict(list)

    def add(self, recipient: Recipient, key: Identity) -> None:
        self._by_post[key[:4]].add(recipient, key[4])
        if (named := _named(key)) and len(self._by_name[named]) < MOST:
            self._by_name[named].append((recipient, key))

    def add_address(self, recipient: Recipient, digest: str) -> None:
        member = recipient.office.member_id
        if len(sharing := self._by_address[digest, member]) < MOST:
            sharing.append(recipient)
        if len(self._elsewhere[digest]) < MOST:
            self._elsewhere[digest].setdefault(member, recipient)

    def find(self, key: Identity, digests: Iterable[str]) -> Found:
        """{id of the object: (recipient, why)} in the same government, the strongest reason for each."""
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
        named = _named(key)
        for recipient, theirs in self._by_name.get(named, ()) if named else ():
            found.setdefault(id(recipient), (recipient, "post" if theirs[:3] == key[:3] else "named"))
        return found

    def strangers(self, member: int, digests: Iterable[str]) -> Found:
        """The same for those of other governments who have one of the addresses: never one with a row, but asked about.

        One is enough to ask.
        """
        held = [self._elsewhere.get(digest, {}) for digest in sorted(digests)]
        others = (recipient for by_member in held for theirs, recipient in by_member.items() if theirs != member)
        return {id(recipient): (recipient, "elsewhere") for recipient in islice(others, 1)}


def _named(key: Identity) -> tuple[int, str] | None:
    """Of a name of one word there are too many in a government to say anything: Sow, vacant."""
    return (key[0], key[4].replace(" ", "")) if " " in key[4] else None


class _Post:
    """Those who hold one post in one office. Where they are many, by pieces of their names."""

    def __init__(self) -> None:
        self.holders: list[tuple[Recipient, str]] = []
        self.by_piece: dict[tuple[str, str], list[tuple[Recipient, str]]] = {}
        self.told_nameless = False

    def add(self, recipient: Recipient, name: str) -> None:
        self.holders.append((recipient, name))
        if len(self.holders) > MOST:
            for holder in self.holders if not self.by_piece else [(recipient, name)]:
                for piece in _pieces(holder[1]):
                    sharing = self.by_piece.setdefault(piece, [])
                    if len(sharing) < MOST:
                        sharing.append(holder)

    def near(self, name: str) -> Iterator[tuple[Recipient, str]]:
        sharing = self.holders
        if self.by_piece:
            sharing = [holder for piece in _pieces(name) for holder in self.by_piece.get(piece, ())]
        for recipient, theirs in sharing:
            if theirs == name:
                yield recipient, "same"
            elif name and theirs:
                if names_alike(name, theirs):
                    yield recipient, "name"
            elif len(self.holders) == 1 and not self.told_nameless:
                # once: among five hundred advisers, the one without a name is none of them
                self.told_nameless = True
                yield recipient, "nameless"


def _pieces(name: str) -> set[tuple[str, str]]:
    """What two spellings of a name share: the whole, or a word and the first letter of another word."""
    words = name.split()
    return {("", name.replace(" ", ""))} | {
        (word, other[0]) for word in words if len(word) > 2 for other in words if other is not word
    }


def names_alike(one: str, other: str) -> bool:
    """Whether each word of the shorter of two folded names is, in whatever order, a word of the longer one, its
    initial, or spelled much like it."""
    if one.replace(" ", "") == other.replace(" ", ""):
        return True
    fewer, more = sorted((one.split(), other.split()), key=len)
    full = False
    for word in fewer:
        match = next((theirs for theirs in more if _words_alike(word, theirs)), None)
        if match is None:
            return False
        more.remove(match)
        full = full or min(len(word), len(match)) > 1
    return full


def _words_alike(one: str, other: str) -> bool:
    if one == other:
        return True
    if one[0] != other[0] or not (one.isalpha() and other.isalpha()):
        return False
    return min(len(one), len(other)) == 1 or similarity(one, other) > LIKE
