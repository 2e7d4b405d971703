"""The numbers that Word prints before paragraphs, counted as Word counts them (ECMA-376, part 1, 17.9)."""

from xml.etree.ElementTree import Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
#: bullets, and what is not numbered
SIGNS = {"bullet": "•", "none": ""}
ROMAN = {100: "c", 90: "xc", 50: "l", 40: "xl", 10: "x", 9: "ix", 5: "v", 4: "iv", 1: "i"}


def value(element: Element | None, path: str, default: str = "") -> str:
    """The w:val of a descendant."""
    found = None if element is None else element.find(path.replace("w:", W))
    return default if found is None else found.get(f"{W}val", default)


class Numbers:
    """Counts the paragraphs of a document in reading order."""

    def __init__(self, numbering: Element | None, styles: Element | None) -> None:
        root = Element("none") if numbering is None else numbering
        self.abstract = {one.get(f"{W}abstractNumId", ""): one for one in root.iter(f"{W}abstractNum")}
        self.nums = {one.get(f"{W}numId", ""): one for one in root.iter(f"{W}num")}
        self.styles = {} if styles is None else {one.get(f"{W}styleId", ""): one for one in styles.iter(f"{W}style")}
        self.counts: dict[str, list[int]] = {}
        self.begun: set[str] = set()

    def sign(self, properties: Element | None) -> tuple[str, int, str] | None:
        """(id of the list, level from 1, what is printed) of the paragraph with these properties; None for no list."""
        num_id, level = self._list_of(properties)
        num = self.nums.get(num_id)
        if num is None:
            return None
        abstract_id = value(num, "w:abstractNumId")
        definition = self._level(num, abstract_id, level)
        kind = value(definition, "w:numFmt", "decimal")
        if kind in SIGNS:
            return (num_id, level + 1, SIGNS[kind]) if SIGNS[kind] else None
        return num_id, level + 1, f"{written(self._count(num, num_id, abstract_id, level), kind)}."

    def _list_of(self, properties: Element | None) -> tuple[str, int]:
        """The paragraph's own list, or that of its style."""
        num_id, level = value(properties, "w:numPr/w:numId"), value(properties, "w:numPr/w:ilvl")
        style = self.styles.get(value(properties, "w:pStyle"))
        for _step in range(10):  # styles may be based on each other in a circle
            if style is None or (num_id and level):
                break
            num_id = num_id or value(style, "w:pPr/w:numPr/w:numId")
            level = level or value(style, "w:pPr/w:numPr/w:ilvl")
            style = self.styles.get(value(style, "w:basedOn"))
        return num_id, min(int(level), 8) if level.isdecimal() else 0

    def _level(self, num: Element, abstract_id: str, level: int) -> Element | None:
        for override in num.iter(f"{W}lvlOverride"):
            if override.get(f"{W}ilvl") == str(level) and (own := override.find(f"{W}lvl")) is not None:
                return own
        levels = self.abstract.get(abstract_id, Element("none")).iter(f"{W}lvl")
        return next((one for one in levels if one.get(f"{W}ilvl") == str(level)), None)

    def _count(self, num: Element, num_id: str, abstract_id: str, level: int) -> int:
        """Lists with the same definition go on with each other, unless one says where it starts."""
        counts = self.counts.setdefault(abstract_id, [])
        if num_id not in self.begun:
            self.begun.add(num_id)
            for override in num.iter(f"{W}lvlOverride"):
                start = value(override, "w:startOverride")
                at = int(override.get(f"{W}ilvl", "0"))
                if start.isdecimal() and at < len(counts):
                    counts[at] = int(start) - 1
                elif start.isdecimal():
                    counts += [0] * (at - len(counts)) + [int(start) - 1]
        while len(counts) <= level:
            start = value(self._level(num, abstract_id, len(counts)), "w:start", "1")
            counts.append(int(start) - 1 if start.isdecimal() else 0)
        counts[level] += 1
        del counts[level + 1 :]
        return counts[level]


def written(number: int, kind: str) -> str:
    if "oman" in kind and 0 < number < 400:
        roman = ""
        for size, sign in ROMAN.items():
            times, number = divmod(number, size)
            roman += sign * times
        return roman
    if "etter" in kind and number > 0:
        return chr(97 + (number - 1) % 26) * ((number - 1) // 26 + 1)
    return str(number)
