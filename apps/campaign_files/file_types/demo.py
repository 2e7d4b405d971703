"""cast.yaml, recipients.yaml, positions.yaml of the demo."""

from apps.campaigns.roles import Role
from apps.coalitions.models import Coalition
from apps.governments.models import Office, Position, Recipient

from ..schema import COUNTRY, KEY, LANGUAGE, SLUG, Date, Email, Integer, ListOf, MapOf, Mapping, Text, choice, fit
from .campaign import Zone

PERSON = Mapping(
    required={"name": Text(120), "email": Email(254), "roles": ListOf(choice(*Role.values))},
    optional={"time_zone": Zone(60), "language": LANGUAGE},
    defaulted=frozenset({"time_zone", "language"}),
)
CAST = Mapping(
    required={"campaign": SLUG, "people": ListOf(PERSON)},
    optional={"schema_version": Integer(1, 1), "coalition": fit(Coalition, "name")},
)

OFFICE = Mapping(
    required={"kind": choice(*Office.Kind.values), "name": fit(Office, "name")}, optional={"city": fit(Office, "city")}
)
RECIPIENT = Mapping(
    required={
        "member": COUNTRY,
        "office": OFFICE,
        "post": fit(Recipient, "post"),
        "salutation": MapOf(LANGUAGE, Text(80)),
        "language": LANGUAGE,
        "addresses": ListOf(Email(254)),
    },
    optional={"name": Text(120), "form": choice(*Recipient.Form.values), "verified_on": Date()},
    defaulted=frozenset({"form"}),
)
RECIPIENTS = Mapping(
    required={"recipients": ListOf(RECIPIENT, repeats=True)}, optional={"schema_version": Integer(1, 1)}
)

POSITION = Mapping(
    required={"groups": ListOf(SLUG), "stance": choice(*Position.Stance.values), "on": Date()},
    optional={"statement": fit(Position, "statement"), "source_id": KEY},
)
POSITIONS = Mapping(
    required={"note": Text(), "positions": ListOf(POSITION, repeats=True)}, optional={"schema_version": Integer(1, 1)}
)

FILES = {"cast.yaml": CAST, "recipients.yaml": RECIPIENTS, "positions.yaml": POSITIONS}
