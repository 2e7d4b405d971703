"""Makers of letter documents: the smallest true thing."""

import copy
import random
from typing import Any

Node = dict[str, Any]


def text(words: str, *marks: str, href: str = "") -> Node:
    return _marked({"type": "text", "text": words}, marks, href)


def _marked(node: Node, marks: tuple[str, ...], href: str) -> Node:
    looks: list[Node] = [{"type": mark} for mark in marks]
    if href:
        looks.append({"type": "link", "attrs": {"href": href}})
    return {**node, "marks": looks} if looks else node


def merge(key: str, fallback: str = "", *marks: str, href: str = "") -> Node:
    attrs = {"key": key, "fallback": fallback} if fallback else {"key": key}
    return _marked({"type": "mergeField", "attrs": attrs}, marks, href)


def cite(fact: str) -> Node:
    return {"type": "citation", "attrs": {"fact": fact}}


def note(words: str) -> Node:
    return {"type": "note", "attrs": {"text": words}}


def lost(what: str, words: str = "") -> Node:
    return {"type": "lost", "attrs": {"what": what, "words": words} if words else {"what": what}}


def par(*content: Node | str, id: str = "") -> Node:
    block: Node = {"type": "paragraph", "content": [text(one) if isinstance(one, str) else one for one in content]}
    if id:
        block["attrs"] = {"id": id}
    return block


def heading(words: str, level: int = 2) -> Node:
    return {"type": "heading", "attrs": {"level": level}, "content": [text(words)]}


def asks(*lines: str) -> Node:
    return {"type": "orderedList", "content": [{"type": "listItem", "content": [par(line)]} for line in lines]}


def numbered(*items: tuple[Node, ...], **attrs: Any) -> Node:
    """A list whose items are paragraphs and lists. `attrs`: start, numbering."""
    listed: Node = {"type": "orderedList", "content": [{"type": "listItem", "content": list(item)} for item in items]}
    return {**listed, "attrs": attrs} if attrs else listed


def dashes(*lines: str) -> Node:
    return {**asks(*lines), "type": "bulletList"}


def quote(*lines: str) -> Node:
    return {"type": "blockquote", "content": [par(line) for line in lines]}


def audience(*content: Node, only: list[str] | None = None, without: list[str] | None = None) -> Node:
    return {"type": "audience", "attrs": {"only": only or [], "except": without or []}, "content": list(content)}


def point(number: int, *content: Node) -> Node:
    return {"type": "point", "attrs": {"number": number}, "content": list(content)}


def signatories() -> Node:
    return {"type": "signatories"}


def doc(*blocks: Node) -> Node:
    return {"type": "doc", "content": list(blocks)}


def letter() -> Node:
    """A whole letter that that uses every node a writer inserts."""
    return doc(
        par(merge("recipient.salutation"), ","),
        par("From ", merge("conference.dates"), " ", merge("member.delegation"), " will meet in Buenos Aires."),
        audience(par("We thank your government for its stand.", cite("tp02-f06")), only=["group:african-group"]),
        audience(par("No member should pay twice."), without=["group:ldc"]),
        heading("It is too early"),
        point(7, par("Data is a raw material.", cite("tp07-f01"), " ", text("Really", "bold"), cite("tp02-f06"))),
        quote("We object."),
        par("We ask ", merge("member.name"), " to:"),
        asks("oppose any mandate;", "publish your position."),
        dashes("one", "two"),
        signatories(),
        par("For the coalition"),
    )


def pasted() -> Node:
    """What comes from elsewhere: lists in lists that go on, notes of the writer's own, raised and lowered text."""
    return doc(
        numbered(
            (
                par("ratify;", note("By March.")),
                numbered((par("in part"),), numbering="roman"),
            ),
            (par("10", text("9", "superscript"), " bytes, x", text("min", "subscript")),),
            start=3,
            numbering="decimal",
        ),
    )


def damage(node: Any, chance: random.Random, junk: list[Any]) -> None:
    """Damage one place of a nested structure."""
    while True:
        keys = list(node) if isinstance(node, dict) else list(range(len(node)))
        if not keys:
            return
        key = chance.choice(keys)
        if isinstance(node[key], dict | list) and node[key] and chance.random() < 0.8:
            node = node[key]
            continue
        blow = chance.randint(0, 3)
        if blow == 0:
            node[key] = chance.choice(junk)
        elif blow == 1:
            del node[key]
        elif blow == 2 and isinstance(node, dict):
            node[chance.choice(["attrs", "content", "marks", "text", "type", "x"])] = chance.choice(junk)
        elif isinstance(node, list):
            node.append(copy.deepcopy(chance.choice([*junk, *node])))
        return
