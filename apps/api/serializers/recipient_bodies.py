"""What adds and changes recipients. Their rules are those of the forms of the pages."""

from typing import Any

from django.forms import BaseForm
from rest_framework import serializers

from apps.core.languages import LANGUAGES
from apps.core.types import JsonObject
from apps.governments.models import Office, Recipient
from apps.governments.selectors import recipient_values

from ..bodies import BodySerializer, LineField, TextField
from ..exceptions import InvalidBody
from ..query_params import one_of
from ..schema import example
from .position_bodies import BodyDayField, MemberField

#: field of the form → where it is in the body
POINTERS = {
    "kind": "office/kind", "office": "office/name", "city": "office/city", "postal": "office/postal_address",
    "office_phone": "office/phone",
}  # fmt: skip


class SalutationField(serializers.DictField):
    """{language: text}."""

    def __init__(self, **options: Any) -> None:
        super().__init__(child=LineField(max_length=120, allow_blank=True), **options)

    def to_internal_value(self, data: Any) -> Any:
        found = super().to_internal_value(data)
        for code in found:
            if code not in LANGUAGES:
                raise serializers.ValidationError(one_of(code, sorted(LANGUAGES)))
        return found


class OfficeBody(BodySerializer):
    """An office of that kind and name that is known is used again."""

    kind = serializers.ChoiceField(Office.Kind.values)
    name = LineField(max_length=200)
    city = LineField(max_length=80, required=False, allow_blank=True)
    postal_address = TextField(max_length=1000, required=False, allow_blank=True)
    phone = LineField(max_length=60, required=False, allow_blank=True)


@example(
    "Another language",
    language="fr",
    salutation={"fr": "Excellence"},
    source="The mission's page, read on 2 October 2017",
)
class RecipientChangeBody(BodySerializer):
    """What is not sent stays as it is, also the salutations in other languages."""

    office = OfficeBody(required=False, help_text="Another kind or name moves the recipient to that office.")
    post = LineField(max_length=200, help_text="The title of the person or post, as letters give it.")
    name = LineField(max_length=200, required=False, allow_blank=True, help_text="Without it, letters go to the post.")
    form = serializers.ChoiceField(Recipient.Form.values, required=False, help_text="Form of address.")
    language = serializers.ChoiceField(list(LANGUAGES), help_text="To write in.")
    salutation = SalutationField(required=False, help_text="How letters begin, by language; empty text removes one.")
    phone = LineField(max_length=60, required=False, allow_blank=True)
    source: Any = LineField(
        max_length=300, required=False, allow_blank=True, help_text="Where the details come from, for example a page."
    )
    verified_on = BodyDayField(
        required=False, allow_null=True, help_text="The day on which somebody last checked all these details."
    )
    notes = TextField(max_length=4000, required=False, allow_blank=True, help_text="For the team only.")


@example(
    "The head of a mission",
    member="TO",
    office={"kind": "mission", "name": "Permanent Mission of Tonga", "city": "Apia"},
    post="Permanent Representative",
    language="en",
    salutation={"en": "Excellency"},
    address="mission.tonga@example.org",
)
class RecipientBody(RecipientChangeBody):
    member = MemberField(help_text="In which member: two letters, as in members.")
    office = OfficeBody()
    address = LineField(max_length=254, help_text="An email address.")
    anyway = serializers.BooleanField(
        default=False, help_text="Adds it also where a known recipient has the address or the name."
    )


@example("An address", address="second.address@example.org")
class AddressBody(BodySerializer):
    address = LineField(max_length=254, help_text="An email address. Its text cannot be changed later.")


@example("An address that is out of use", id=77, do="retire")
class AddressChangeBody(BodySerializer):
    id = serializers.IntegerField(min_value=1, max_value=2**63 - 1, help_text="As in the recipient's addresses.")
    do = serializers.ChoiceField(
        ["retire", "restore", "first", "allow"],
        help_text="retire: send nothing more there. restore: use a retired or bounced one again, because somebody says "
        "that it works. first: put it before the others. allow: its reader, who reported our email as spam, agrees.",
    )


def form_data(values: JsonObject, row: Recipient | None = None) -> JsonObject:
    """What the page's form would have sent: the row's own values, and on top of them the body's."""
    known: JsonObject = recipient_values(row) if row is not None else {"form": Recipient.Form.UNKNOWN}
    data = {**known, **{name: value for name, value in values.items() if name not in {"member", "office"}}}
    office = dict(values.get("office", {}))
    names = {"kind": "kind", "name": "office", "city": "city", "postal_address": "postal", "phone": "office_phone"}
    data |= {names[name]: value for name, value in office.items()}
    salutations = {**known.get("salutation", {}), **values.get("salutation", {})}
    data |= {f"salutation_{code}": text for code, text in salutations.items()}
    return {name: "" if value is None else value for name, value in data.items() if name != "salutation"}


def check_recipient(form: BaseForm) -> None:
    """Raises InvalidBody with what the form says."""
    if not form.is_valid():
        raise InvalidBody(
            [
                {"pointer": f"#/{_pointer(name)}".rstrip("/"), "detail": " ".join(map(str, words))}
                for name, words in form.errors.items()
            ]
        )


def _pointer(name: str) -> str:
    if name.startswith("salutation_"):
        return f"salutation/{name.removeprefix('salutation_')}"
    return POINTERS.get(name, "" if name == "__all__" else name)
