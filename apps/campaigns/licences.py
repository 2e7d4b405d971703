"""Licences under which a campaign offers its open data, by their SPDX identifiers."""

from django.db import models


class Licence(models.TextChoices):
    """The labels are proper names, the same in every language."""

    CC0 = "CC0-1.0", "Creative Commons Zero 1.0"
    CC_BY = "CC-BY-4.0", "Creative Commons Attribution 4.0"
    CC_BY_SA = "CC-BY-SA-4.0", "Creative Commons Attribution-ShareAlike 4.0"
    ODBL = "ODbL-1.0", "Open Database License 1.0"
    NONE = "none", "none"


#: none says that the campaign allows no use beyond what the law does
ADDRESSES = {
    Licence.CC0: "https://creativecommons.org/publicdomain/zero/1.0/",
    Licence.CC_BY: "https://creativecommons.org/licenses/by/4.0/",
    Licence.CC_BY_SA: "https://creativecommons.org/licenses/by-sa/4.0/",
    Licence.ODBL: "https://opendatacommons.org/licenses/odbl/1-0/",
}
