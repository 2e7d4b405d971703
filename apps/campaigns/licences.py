"""Licences under which a campaign offers its open data, by their SPDX identifiers."""

from typing import NamedTuple


class Licence(NamedTuple):
    """Its name is the same in every language."""

    name: str
    address: str


LICENCES = {
    "CC0-1.0": Licence("Creative Commons Zero 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
    "CC-BY-4.0": Licence("Creative Commons Attribution 4.0", "https://creativecommons.org/licenses/by/4.0/"),
    "CC-BY-SA-4.0": Licence(
        "Creative Commons Attribution-ShareAlike 4.0", "https://creativecommons.org/licenses/by-sa/4.0/"
    ),
    "ODbL-1.0": Licence("Open Database License 1.0", "https://opendatacommons.org/licenses/odbl/1-0/"),
}
#: no use beyond what the law allows; a campaign has it until its file states another
NO_LICENCE = "none"
