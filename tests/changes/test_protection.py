"""The four-eyes rule in the database outlives migrations."""

import pytest
from django.db import connection

from klaviyo_admin.changes.apps import lift, protect
from klaviyo_admin.changes.models import Approval, Change

QUERY = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'changes_%'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgname LIKE 'changes_%'",
}


def triggers() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(QUERY[connection.vendor])
        return {name for (name,) in cursor.fetchall()}


@pytest.mark.django_db(transaction=True)
def test_a_migration_that_rebuilds_the_tables_leaves_the_triggers_standing() -> None:
    before = triggers()
    assert len(before) >= 2
    lift(using="default")
    with connection.schema_editor() as editor:
        for model in (Change, Approval):
            for constraint in model._meta.constraints:
                editor.remove_constraint(model, constraint)
                editor.add_constraint(model, constraint)
    protect(using="default")
    assert triggers() == before
