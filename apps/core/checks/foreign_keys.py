"""Foreign keys follow the order of the apps."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


def upward_keys() -> Iterator[tuple[Any, Any]]:
    """(field, model) of each foreign key that points to an app above its own in APP_LAYERS."""
    depths = {label: depth for depth, label in enumerate(settings.APP_LAYERS)}  # 0 is the top
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.get_fields(include_hidden=True):
            target = getattr(field, "related_model", None)
            if not getattr(field, "concrete", False) or target is None or isinstance(target, str):
                continue
            here, there = model._meta.app_label, target._meta.app_label
            if here in depths and there in depths and depths[there] < depths[here]:
                yield field, target


@register(Tags.models)
def foreign_keys_point_down(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """ecom.E040: a foreign key of a lower app points to an app above it."""
    return [
        Error(
            f"A foreign key points up the APP_LAYERS list: {field} → {target._meta.label}.",
            hint="Move the key to the higher app, or pass its value in. See docs/README.md.",
            id="ecom.E040",
        )
        for field, target in upward_keys()
    ]
