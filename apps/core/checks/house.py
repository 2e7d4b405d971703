"""The order of the apps, as far as foreign keys know it."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


def upward_keys() -> Iterator[tuple[Any, Any]]:
    """(field, model) of each foreign key of our apps that points to an app above its own in the HOUSE list."""
    floors = {label: floor for floor, label in enumerate(settings.HOUSE)}  # 0 is the roof
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.get_fields(include_hidden=True):
            target = getattr(field, "related_model", None)
            if not getattr(field, "concrete", False) or target is None or isinstance(target, str):
                continue
            here, there = model._meta.app_label, target._meta.app_label
            if here in floors and there in floors and floors[there] < floors[here]:
                yield field, target


@register(Tags.models)
def foreign_keys_point_down(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """ecom.E040: a row of a lower app knows nothing of the apps above."""
    return [
        Error(
            f"Foreign keys must point down the HOUSE list: {field} → {target._meta.label}.",
            hint="Keep the relation in the higher app, or hand its value in. See docs/README.md.",
            id="ecom.E040",
        )
        for field, target in upward_keys()
    ]
