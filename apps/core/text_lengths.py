"""How many characters a text of several lines may have, on pages and in a campaign's files alike."""

STATEMENT = 2000
CAUTION = 2000
CLAIM = 4000
PASSAGE = 10_000
NOTE = 4000
#: why something was corrected, retired, restored
REASON = 2000
