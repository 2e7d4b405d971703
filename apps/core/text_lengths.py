"""Maximum lengths of texts, in characters, for forms and campaign files."""

STATEMENT = 2000
CAUTION = 2000
CLAIM = 4000
PASSAGE = 10_000
NOTE = 4000
#: why something was corrected, retired, restored
REASON = 2000
