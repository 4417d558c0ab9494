import pytest
from django.db import DatabaseError, connection, transaction

from klaviyo_admin.audit import log
from klaviyo_admin.audit.models import AppendOnly, Entry, Head
from klaviyo_admin.audit.verify import verify
from tests.conftest import drop_audit_triggers

real_transactions = pytest.mark.django_db(transaction=True)


def written(count: int = 1) -> Entry:
    with transaction.atomic():
        for number in range(count):
            entry = log.record("login", sentence=f"Sign-in {number}.", detail={"part": 0.1, "deep": [1, {"é": None}]})
    return entry


def run(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@real_transactions
def test_a_line_outside_a_transaction_is_refused() -> None:
    with pytest.raises(log.NoTransaction):
        log.record("login", sentence="Nobody asked.")
    assert not Entry.objects.exists()


@real_transactions
def test_a_line_goes_with_the_transaction_that_it_tells_of() -> None:
    with transaction.atomic():
        log.record("login", sentence="Rolled back.")
        transaction.set_rollback(True)
    assert written().id == 1
    assert verify().holds


@pytest.mark.django_db
def test_lines_count_from_one_and_follow_each_other() -> None:
    written(3)
    first, second, third = Entry.objects.order_by("id")
    assert [first.id, second.id, third.id] == [1, 2, 3]
    assert first.previous_hash == "0" * 64
    assert (second.previous_hash, third.previous_hash) == (first.hash, second.hash)
    assert Head.objects.get().hash == third.hash


@pytest.mark.django_db
def test_models_refuse_to_change_or_remove_a_line() -> None:
    entry = written()
    for act in (entry.save, entry.delete, Entry.objects.all().delete, lambda: Entry.objects.update(sentence="x")):
        with pytest.raises(AppendOnly):
            act()


@real_transactions
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET sentence = 'Nothing happened.'",
        "DELETE FROM audit_entry",
        "DELETE FROM audit_head",
        "UPDATE audit_head SET lines = 0",
    ],
)
def test_the_database_refuses_to_change_or_remove_a_line(statement: str) -> None:
    written(2)
    with pytest.raises(DatabaseError):
        run(statement)
    assert verify().holds


@real_transactions
@pytest.mark.parametrize("table", ["audit_entry", "audit_head"])
def test_sqlite_refuses_to_put_another_line_in_the_place_of_one(table: str) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has no REPLACE")
    written(2)
    with pytest.raises(DatabaseError, match="append-only"):
        run(f"REPLACE INTO {table} SELECT * FROM {table} WHERE id = 1")
    assert verify().holds


@real_transactions
@pytest.mark.parametrize("table", ["audit_entry", "audit_head"])
def test_postgresql_refuses_to_truncate(table: str) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no TRUNCATE")
    written(2)
    with pytest.raises(DatabaseError):
        run(f"TRUNCATE {table}")


@real_transactions
@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ("UPDATE audit_entry SET person_name = 'Eve' WHERE id = 3", 3),
        ("UPDATE audit_entry SET detail = '{}' WHERE id = 2", 2),
        ("UPDATE audit_entry SET at = '2026-01-01 00:00:00+00:00' WHERE id = 1", 1),
        ("UPDATE audit_entry SET hash = previous_hash WHERE id = 4", 4),
        ("DELETE FROM audit_entry WHERE id = 2", 2),
        ("DELETE FROM audit_entry WHERE id = 5", 5),
        ("DELETE FROM audit_entry", 1),
        ("UPDATE audit_head SET lines = 4", 4),
        ("DELETE FROM audit_head", 1),
    ],
)
def test_a_change_behind_the_back_is_found(statement: str, broken: int) -> None:
    written(5)
    assert verify().holds
    drop_audit_triggers()
    run(statement)
    verdict = verify()
    assert verdict.first_broken == broken
    assert str(broken) in verdict.problem


@pytest.mark.django_db
def test_the_newest_lines_can_be_checked_alone() -> None:
    written(5)
    assert verify(newest=2).lines == 2
    assert verify(newest=2).holds
    assert verify(newest=99).lines == 5


@pytest.mark.django_db
def test_an_empty_log_verifies() -> None:
    assert verify().holds
    assert verify(newest=10).lines == 0


@pytest.mark.django_db
def test_strange_values_survive_the_way_through_the_database() -> None:
    with transaction.atomic():
        log.record(
            "login",
            sentence="A null \x00 and half a pair \ud800.",
            object=("profile", "01H", "n"),
            detail={"big": 2**70, "tiny": 1e-9, "huge": 1e22, "set": {"a"}, 7: True, "quote": '"\\'},
        )
    assert verify().holds
    assert Entry.objects.get().detail["huge"] == "1e+22"


@pytest.mark.django_db
def test_a_name_that_is_no_action_is_refused() -> None:
    with pytest.raises(ValueError, match="no name of an action"):
        log.record("Drop everything!", sentence="x")
