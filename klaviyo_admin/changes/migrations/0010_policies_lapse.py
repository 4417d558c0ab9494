"""Gives proposals of a policy that still wait the end of life that all others have."""

from datetime import timedelta
from typing import Any

from django.db import migrations
from django.db.models import F


def lapse(apps: Any, schema_editor: Any) -> None:
    waiting = apps.get_model("changes", "Change").objects.filter(
        action="policies.change", status="proposed", expires_at=None
    )
    waiting.update(expires_at=F("proposed_at") + timedelta(days=30))


class Migration(migrations.Migration):
    dependencies = [("changes", "0009_basis")]

    operations = [migrations.RunPython(lapse, migrations.RunPython.noop)]
