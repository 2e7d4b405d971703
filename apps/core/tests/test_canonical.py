"""The same data gives the same bytes."""

import pytest

from apps.core.canonical_json import canonical_json, sha256_hex


def test_order_of_keys_does_not_matter_and_scripts_stay() -> None:
    assert (
        canonical_json({"b": 1, "a": "عربي"}) == canonical_json({"a": "عربي", "b": 1}) == '{"a":"عربي","b":1}'.encode()
    )


def test_a_known_hash_stays_the_same_for_ever() -> None:
    assert (
        sha256_hex(canonical_json({"subject": "No new rules", "notes": [1, 2], "member": None}))
        == "3f91396e190e1ebd8f1f5ed49dde34b7d1fe1f08d0363b3796a17c4a1ca02f1b"
    )


@pytest.mark.parametrize("value", [1.5, {"a": [1, {"b": 2.0}]}])
def test_floats_have_no_place(value: object) -> None:
    with pytest.raises(TypeError):
        canonical_json(value)
