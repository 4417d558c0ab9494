"""Fixtures that every test may ask for."""

from collections.abc import Iterator

import pytest
from django.db import connection

from klaviyo_admin.budgets import sharing


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> Iterator[None]:
    """Django's test database; before it goes, the budgets let go of the connection of their own to it."""
    yield
    if sharing.store.cache_info().currsize:
        sharing.store().close()


TRIGGERS = {
    "sqlite": "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'audit_%'",
    "postgresql": "SELECT tgname, tgrelid::regclass FROM pg_trigger WHERE NOT tgisinternal AND tgname LIKE 'audit_%'",
}
TRANSACTIONAL = {"transactional_db", "live_server", "django_db_reset_sequences", "django_db_serialized_rollback"}


@pytest.fixture(autouse=True)
def audit_may_be_emptied(request: pytest.FixtureRequest) -> Iterator[None]:
    """Lets Django empty the audit tables after a test with real transactions.

    Such a test ends with a flush (DELETE or TRUNCATE), which the triggers of klaviyo_admin/audit/protection.py refuse.
    Only here, only after the test's own code has run, they are dropped; the flush ends with post_migrate, which puts
    them back (klaviyo_admin/audit/apps.py), so that every test meets a protected log. This fixture asks for
    `transactional_db` itself: fixtures end in reverse order, so that its own end comes just before the flush.
    """
    marker = request.node.get_closest_marker("django_db")
    transactional = bool(marker and marker.kwargs.get("transaction")) or TRANSACTIONAL & set(request.fixturenames)
    if transactional:
        request.getfixturevalue("transactional_db")
    yield
    if transactional:
        drop_audit_triggers()


def drop_audit_triggers() -> None:
    with connection.cursor() as cursor:
        cursor.execute(TRIGGERS[connection.vendor])
        for name, table in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if connection.vendor == "postgresql" else ""))
