"""Strict YAML: one document without aliases, tags or deep nesting."""

from pathlib import Path

import yaml
from django.utils.translation import gettext as _

from ..faults import Report
from .text_reader import read_text

DEEPEST = 20
MOST_NODES = 100_000
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_tree(path: Path, report: Report) -> yaml.Node | None:
    """None after reporting. Lines of nodes count from 0."""
    text = read_text(path, report)
    if text is None:
        return None
    try:
        if not _is_harmless(text, report):
            return None
        root = yaml.compose(text, Loader=LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = error.problem or error.context
        report(mark.line + 1 if mark else 0, _("is not valid YAML: %(reason)s.") % {"reason": reason})
        return None
    except yaml.YAMLError as error:
        report(0, _("is not valid YAML: %(reason)s.") % {"reason": str(error).splitlines()[0]})
        return None
    if root is None:
        report(0, _("is empty."))
    return root


def _is_harmless(text: str, report: Report) -> bool:
    """Walks the events first, since aliases and nesting may grow without end once built."""
    depth = nodes = documents = 0
    for event in yaml.parse(text, Loader=LOADER):
        line = event.start_mark.line + 1 if event.start_mark else 0
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            report(line, _("uses an anchor or alias (& or *). Write the text out in full."))
            return False
        if isinstance(event, yaml.NodeEvent) and getattr(event, "tag", None) not in {None, "!"}:
            report(line, _("uses a tag (!). Remove it."))
            return False
        nodes += isinstance(event, yaml.NodeEvent)
        documents += isinstance(event, yaml.DocumentStartEvent)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if documents > 1:
            report(line, _("contains a second document (---). Put it in a file of its own."))
            return False
        if depth > DEEPEST or nodes > MOST_NODES:
            report(line, _("is nested too deeply or has too many values."))
            return False
    return True
