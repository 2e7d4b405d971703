"""What the editor sends."""

from typing import Any

from rest_framework import serializers


class SavedText(serializers.Serializer[Any]):
    """PUT text. The body's own rules are those of `document.validate_document`."""

    revision = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    subject = serializers.CharField(allow_blank=True, trim_whitespace=False, max_length=200)
    body = serializers.JSONField()


class ShownText(serializers.Serializer[Any]):
    """POST preview. `member` is a code of one of the addressees, empty for the general edition."""

    subject = serializers.CharField(allow_blank=True, trim_whitespace=False, max_length=200)
    body = serializers.JSONField()
    member = serializers.CharField(allow_null=True, allow_blank=True, required=False, max_length=2)
    recipient = serializers.IntegerField(allow_null=True, required=False, min_value=1, max_value=2**62)
