"""Titles in other languages, so far kept with the point, become drafts of translations."""

import hashlib
import json
from typing import Any

from django.db import migrations


def titles_move(apps: Any, schema_editor: Any) -> None:
    translation = apps.get_model("talkingpoints", "PointTranslation")
    for point in apps.get_model("talkingpoints", "TalkingPoint").objects.all():
        original = json.dumps([point.title, point.claim, ""], ensure_ascii=False, separators=(",", ":"))
        digest = hashlib.sha256(original.encode()).hexdigest()
        for language, title in point.titles.items():
            translation.objects.create(point=point, language=language, title=title, source_hash=digest)


def titles_back(apps: Any, schema_editor: Any) -> None:
    for point in apps.get_model("talkingpoints", "TalkingPoint").objects.prefetch_related("translations"):
        point.titles = {row.language: row.title for row in point.translations.all() if row.title}
        point.save()


class Migration(migrations.Migration):
    dependencies = [("talkingpoints", "0002_library")]

    operations = [migrations.RunPython(titles_move, titles_back)]
