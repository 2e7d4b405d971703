"""A letter of the shipped campaign that is open for signature, with as many signatures as asked for, made by SQL."""

import base64
import secrets
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from apps.campaign_files.services import campaign_load
from apps.campaigns.models import Campaign
from apps.campaigns.roles import Role
from apps.coalitions.models import SignOn, SignOnCall, SignOnToken
from apps.coalitions.services.signatory_counts import signatory_changes_add
from apps.core.encryption import lookup_hashes
from apps.core.territories import country_codes
from apps.core.tokens import token_hash
from apps.letters.models import LetterTemplate
from apps.letters.services.drafts import letter_create
from tests.factories import add_team_member, make_user
from tests.factories.letters import approve_and_freeze
from tests.factories.signing import make_call

ROLES = {"drafter": Role.DRAFTER, "reviewer": Role.REVIEWER, "coordinator": Role.COORDINATOR}
SEARCH_INDEXES = ["coalitions_public_search", "coalitions_other_search", "coalitions_name_beginnings"]
#: what differs between the signatures: a fifth of them is only counted
DIFFERENT = {
    "country": "codes[1 + n % array_length(codes, 1)]",
    "visibility": "CASE WHEN n % 5 = 0 THEN 'counted' ELSE 'public' END",
    "display_name": "'Signer ' || md5(n::text)",
    "name_key": "'signer ' || md5(n::text)",
    "email_hash": "md5(n::text) || md5((-n)::text)",
    "confirmed_at": "model.confirmed_at - n * interval '1 second'",
}


def make_open_call() -> SignOnCall:
    campaign_load(folder=Path(settings.BASE_DIR) / "data" / "mc11")
    campaign = Campaign.objects.get(slug="mc11")
    cast = SimpleNamespace(**{name: make_user(f"Bench {name}") for name in ROLES})
    for name, role in ROLES.items():
        add_team_member(getattr(cast, name), campaign, role)
    return open_letter(campaign, cast, "Bench")


def open_letter(campaign: Campaign, cast: Any, title: str) -> SignOnCall:
    template = LetterTemplate.objects.filter(campaign=campaign, language="en").order_by("id")[0]
    letter = letter_create(
        campaign=campaign, actor=cast.drafter, template=template, title=title, to_all=True, members=[]
    )
    return make_call(approve_and_freeze(letter, cast), cast, moderated=False)


def add_signatures(call: SignOnCall, first: int, last: int) -> None:
    """Those with these numbers, in all countries, as copies of one. The indexes of searches are made anew, which is
    faster; statistics are gathered, as on a server that has run for a while."""
    [(model, _token)] = make_pending(call, 1)
    SignOn.objects.filter(pk=model).update(state="confirmed", moderation="accepted", confirmed_at=timezone.now())
    columns = [str(field.column) for field in SignOn._meta.concrete_fields if not field.primary_key]
    values = ", ".join(DIFFERENT.get(column, f"model.{column}") for column in columns)
    insert = (
        f"WITH signed AS (INSERT INTO coalitions_signon ({', '.join(columns)}) SELECT {values}"
        " FROM coalitions_signon model, generate_series(%s::int, %s::int) n, (SELECT %s::text[] codes) countries"
        " WHERE model.id = %s RETURNING id, version_id)"
        " INSERT INTO coalitions_signonversion (sign_on_id, version_id, at) SELECT id, version_id, now() FROM signed"
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname, indexdef FROM pg_indexes WHERE indexname = ANY(%s)", [SEARCH_INDEXES])
        indexes = cursor.fetchall()
        for name, _definition in indexes:
            cursor.execute(f"DROP INDEX {name}")
        cursor.execute(insert.replace("% ", "%% "), [first, last, sorted(country_codes()), model])
        for _name, definition in indexes:
            cursor.execute(definition)
    signatory_changes_add()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE coalitions_signon, coalitions_signonversion, coalitions_signatorychange")


def make_pending(call: SignOnCall, number: int) -> list[tuple[int, str]]:
    """(id, token of the mailed link) of forms that were sent and not confirmed."""
    batch = secrets.token_hex(4)
    sign_ons = []
    for place in range(number):
        email = f"p{place}@{batch}.example"
        row = SignOn(
            campaign=call.campaign, call=call, letter=call.letter, version=call.version, kind="person",
            visibility="public", country="KE", person_name=f"Signer {batch} {place}", email=email,
            email_hash=lookup_hashes(email)[0].digest, key_version=1, expires_at=call.closes_at,
        )  # fmt: skip
        row.derive_names()
        sign_ons.append(row)
    sign_ons = SignOn.objects.bulk_create(sign_ons, batch_size=1000)
    tokens = [base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("=") for _ in sign_ons]
    now = timezone.now()
    SignOnToken.objects.bulk_create(
        SignOnToken(sign_on=row, purpose="confirm", token_hash=token_hash(token), created_at=now,
                    expires_at=call.closes_at)
        for row, token in zip(sign_ons, tokens, strict=True)
    )  # fmt: skip
    return [(row.pk, token) for row, token in zip(sign_ons, tokens, strict=True)]
