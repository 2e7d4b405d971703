"""What signers and the public see of the log: heads in mails and on a page, and proofs that a short program checks."""

import json
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from apps.coalitions.models import SignOnCall
from apps.coalitions.selectors.signature_log import consistency_proof, newest_head, root_at
from apps.coalitions.services.confirmation import sign_on_confirm
from apps.coalitions.services.moderation import sign_on_accept, sign_on_reject, sign_on_set_aside
from apps.coalitions.services.signature_log import log_entries_number
from apps.coalitions.services.signer_changes import sign_on_correct
from tests.factories.signing import mails, organisation, person, signed, submit

pytestmark = pytest.mark.django_db


def log_page(call: SignOnCall, head: str | None = None) -> Any:
    return Client().get(
        reverse("website:signature_log", args=[call.campaign.slug]), {"head": head} if head is not None else {}
    )


def text_of(page: Any) -> str:
    return " ".join(re.sub("<[^>]+>", " ", page.content.decode()).split())


def grown(call: SignOnCall, number: int) -> None:
    for n in range(number):
        signed(call, person(f"Signer {n}", email=f"s{n}@post.example"))
    log_entries_number()


def private_page(call: SignOnCall, typed: Any) -> tuple[Any, str]:
    confirmed = sign_on_confirm(token=submit(call, typed).token)
    return confirmed.sign_on, reverse("signing:manage", args=[confirmed.manage_token])


# ---- mails


def test_mails_to_signers_carry_the_newest_head(call: SignOnCall, cast: SimpleNamespace) -> None:
    grown(call, 3)
    head = newest_head(call.campaign_id)
    sign_on = signed(call, organisation(), accepted_by=cast.coordinator)
    sign_on_reject(sign_on=sign_on, actor=cast.coordinator, reason="It does not exist.")

    *_, confirm, confirmed, accepted, rejected = mails()

    for mail in (confirmed, accepted, rejected):
        assert f"\n{head}\n" in mail.text_body
        assert "The log of signatures has 3 entries." in mail.text_body
    assert "log of signatures" not in confirm.text_body, "who only typed an address is no witness yet"


def test_mails_leave_without_a_head_where_there_is_none(call: SignOnCall) -> None:
    signed(call, person())
    assert "log of signatures" not in mails()[-1].text_body
    grown(call, 2)
    damage("DELETE FROM coalitions_signaturelogentry WHERE sequence = 2")
    signed(call, organisation())
    assert "has signed. Thank you." in mails()[-1].text_body
    assert "log of signatures" not in mails()[-1].text_body


# ---- the public page


def test_the_page_says_that_an_old_head_still_holds(call: SignOnCall) -> None:
    grown(call, 2)
    old = newest_head(call.campaign_id)
    signed(call, organisation())
    log_entries_number()

    page = log_page(call, f" {old} ")

    assert page.status_code == 200
    assert "The log still begins with exactly these entries." in text_of(page)
    assert "3 entries, the last numbered on" in text_of(page)
    assert str(newest_head(call.campaign_id)) in text_of(page)


@pytest.mark.parametrize(
    ("head", "status", "words"),
    [
        ("ab" * 32 + "@2", 200, "does not match the log"),
        ("ab" * 32 + "@9", 200, "fewer entries than this line says"),
        ("ab" * 32 + "@" + "9" * 18, 200, "fewer entries than this line says"),
        ("ab" * 32 + "@" + "9" * 40, 400, "Copy the whole line"),
        ("ab@2", 400, "Copy the whole line"),
        ("<script>", 400, "Copy the whole line"),
        ("", 400, "Fill this in"),
    ],
)
def test_the_page_says_what_is_wrong_with_a_head(call: SignOnCall, head: str, status: int, words: str) -> None:
    grown(call, 2)
    page = log_page(call, head)
    assert page.status_code == status
    assert words in text_of(page)


def test_the_page_without_entries_says_when_they_come(call: SignOnCall) -> None:
    page = log_page(call)
    assert "There are no entries yet." in text_of(page)
    assert file(call, "files:signature_log").json() == {"campaign": call.campaign.slug, "newest": None, "days": []}


def test_a_damaged_log_says_so(call: SignOnCall) -> None:
    grown(call, 3)
    damage("DELETE FROM coalitions_signaturelogentry WHERE sequence = 2")
    assert "The log of signatures is damaged" in text_of(log_page(call))
    assert file(call, "files:signature_log").status_code == 503


def damage(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


# ---- files for programs


def file(call: SignOnCall, name: str, *args: int) -> Any:
    return Client().get(reverse(name, args=[call.campaign.slug, *args]))


def test_programs_get_heads_and_proofs_that_the_log_only_grew(call: SignOnCall) -> None:
    grown(call, 6)
    head = newest_head(call.campaign_id)
    assert head is not None
    newest = file(call, "files:signature_log").json()["newest"]
    assert (newest["root"], newest["size"]) == (head.root, 6)

    proof = file(call, "files:signature_log_consistency", 3, 6).json()

    assert proof["first"] == {"size": 3, "root": root_at(call.campaign_id, 3)}
    assert proof["second"] == {"size": 6, "root": head.root}
    assert proof["path"] == consistency_proof(call.campaign_id, 3, 6)
    for first, size in ((0, 6), (4, 3), (1, 7), (1, 10**30)):
        assert file(call, "files:signature_log_consistency", first, size).status_code == 404


# ---- the signer's own entries


def check(tmp_path: Path, content: bytes) -> subprocess.CompletedProcess[str]:
    """Runs the program of docs/signature-log.md, word for word, on the signer's file."""
    page = (settings.BASE_DIR / "docs" / "signature-log.md").read_text(encoding="utf-8")
    [program] = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    (tmp_path / "check.py").write_text(program, encoding="utf-8")
    (tmp_path / "signature.json").write_bytes(content)
    return subprocess.run(
        [sys.executable, "check.py", "signature.json"], cwd=tmp_path, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("typed", [organisation("किसान डेटा मंच", org_members=7), person("Afi “Ama” Ménsah")])
def test_the_signer_checks_their_entries_with_a_short_program(call: SignOnCall, typed: Any, tmp_path: Path) -> None:
    grown(call, 4)
    sign_on, page = private_page(call, typed)
    sign_on_correct(sign_on=sign_on, changes={"visibility": "counted"})
    signed(call, person("Another", email="another@post.example"))
    log_entries_number()
    content = Client().get(page + "signature.json").content

    done = check(tmp_path, content)

    assert done.stdout == f"2 entries are in the log with the head {newest_head(call.campaign_id)}\n", done.stderr
    forged = json.loads(content)
    forged["log"]["statement"]["visibility"] = "public"
    assert "of another statement" in check(tmp_path, json.dumps(forged).encode()).stderr
    forged["log"]["entries"][1]["leaf"]["act"] = "withdraw"
    assert "is not in the log" in check(tmp_path, json.dumps(forged).encode()).stderr


def test_the_private_page_lists_entries_and_no_hidden_decision(call: SignOnCall, cast: SimpleNamespace) -> None:
    sign_on, page = private_page(call, organisation())
    assert "It gets its number within a minute." in text_of(Client().get(page))
    sign_on_set_aside(sign_on=sign_on, actor=cast.coordinator)
    log_entries_number()

    aside = text_of(Client().get(page))
    entries = json.loads(Client().get(page + "signature.json").content)["log"]["entries"]

    assert "You confirmed it." in aside
    assert "Entry 1" in aside
    assert "Entry 2" not in aside
    assert [entry["leaf"]["act"] for entry in entries] == ["confirm"]
    sign_on_accept(sign_on=sign_on, actor=cast.coordinator)
    assert "The campaign accepted it." in text_of(Client().get(page))
