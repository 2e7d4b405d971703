"""What the editor sends."""

import base64
import binascii
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from .document.yjs.updates import MAX_STATE


class Base64Field(serializers.CharField):
    """Bytes in base64."""

    default_error_messages = {"base64": _("This is not base64.")}

    def to_internal_value(self, data: Any) -> Any:
        try:
            return base64.b64decode(super().to_internal_value(data), validate=True)
        except (binascii.Error, ValueError):
            self.fail("base64")


class SavedText(serializers.Serializer[Any]):
    """PUT text. The body's own rules are those of `document.validate_document`."""

    revision = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    subject = serializers.CharField(allow_blank=True, trim_whitespace=False, max_length=200)
    body = serializers.JSONField()


class SavedPassage(serializers.Serializer[Any]):
    """POST of a passage for one government. `revision` is 0 for a new one, `base_sha256` the hash of the block that the
    page showed."""

    kind = serializers.CharField(max_length=10)
    block = serializers.CharField(max_length=9)
    revision = serializers.IntegerField(min_value=0, max_value=2**31 - 1)
    base_sha256 = serializers.CharField(max_length=64, allow_blank=True)
    content = serializers.JSONField(allow_null=True)


class ShownText(serializers.Serializer[Any]):
    """POST preview. `member` is a code of one of the addressees, empty for the general edition."""

    subject = serializers.CharField(allow_blank=True, trim_whitespace=False, max_length=200)
    body = serializers.JSONField()
    member = serializers.CharField(allow_null=True, allow_blank=True, required=False, max_length=2)
    recipient = serializers.IntegerField(allow_null=True, required=False, min_value=1, max_value=2**62)


class UpdatedCitation(serializers.Serializer[Any]):
    """POST an updated citation: the fact's key, and the revision that was read."""

    fact = serializers.CharField(max_length=40)
    revision = serializers.IntegerField(min_value=1, max_value=2**31 - 1)


class NewReply(serializers.Serializer[Any]):
    """POST a reply. The services say what is too long."""

    body = serializers.CharField(allow_blank=True, max_length=20_000)
    mentions = serializers.ListField(child=serializers.IntegerField(min_value=1), max_length=50, default=list)
    form_key = serializers.UUIDField(default=None)


class NewComment(NewReply):
    """POST a comment; with `proposal`, a suggestion."""

    block = serializers.RegexField(r"^(b[a-z0-9]{8})?$", allow_blank=True, default="")
    quote = serializers.CharField(allow_blank=True, trim_whitespace=False, max_length=20_000, default="")
    anchor = serializers.DictField(child=serializers.CharField(max_length=400), allow_null=True, default=None)
    proposal = serializers.CharField(
        allow_blank=True, allow_null=True, trim_whitespace=False, max_length=20_000, default=None
    )

    def validate_anchor(self, anchor: dict[str, str] | None) -> dict[str, str] | None:
        if anchor is not None and set(anchor) != {"from", "to"}:
            raise serializers.ValidationError(_("An anchor has two ends, from and to."))
        return anchor


class ThreadState(serializers.Serializer[Any]):
    resolved = serializers.BooleanField()


class SuggestionDecision(serializers.Serializer[Any]):
    accepted = serializers.BooleanField()


class SentUpdates(serializers.Serializer[Any]):
    """POST updates. `state`: the state vector of the document in the browser, `client` its id, `document` its name,
    `rewritten`: the updates whose orphaned words it has written again."""

    state = Base64Field(max_length=4 * MAX_STATE // 3 + 4)
    client = serializers.IntegerField(min_value=0, max_value=2**53)
    document = serializers.CharField(required=False, max_length=40)
    rewritten = serializers.ListField(child=serializers.IntegerField(), max_length=10_000, default=list)
    updates = serializers.ListField(child=Base64Field(allow_blank=False), max_length=50)
