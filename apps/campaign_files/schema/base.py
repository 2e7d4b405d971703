"""Base classes of shapes."""

from abc import ABC, abstractmethod
from typing import Any

import yaml
from django.utils.translation import gettext as _

from ..faults import Report
from .entries import line_of

INVALID: Any = object()
TAG = "tag:yaml.org,2002:"


def is_null(node: yaml.Node) -> bool:
    """ "~", "null", or nothing after the colon."""
    return bool(node.tag == f"{TAG}null")


class Shape(ABC):
    @abstractmethod
    def read(self, node: yaml.Node, report: Report) -> Any:
        """The node's value, or INVALID after reporting."""


class InvalidValue(Exception):
    """Why a single value is not valid."""


class Scalar(Shape):
    def read(self, node: yaml.Node, report: Report) -> object:
        try:
            if is_null(node):
                raise InvalidValue(_("has no value."))
            if not isinstance(node, yaml.ScalarNode):
                raise InvalidValue(_("must be a single value, not a list or several fields."))
            return self.parse(str(node.value), node.tag.removeprefix(TAG))
        except InvalidValue as error:
            report(line_of(node), str(error))
            return INVALID

    @abstractmethod
    def parse(self, raw: str, tag: str) -> object:
        """`tag` is YAML's type: str, int, float, bool, timestamp. Raises InvalidValue."""
