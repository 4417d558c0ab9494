"""One measurement of the audit in a process of its own, with a database of its own; prints one line of figures.

The database is SQLite in DATA_DIR, or what DATABASE_URL names. `append` is the whole way of a line, locks and commit
included; the lines that a search or a check reads are put in by the thousand, as the chain would have them.
"""

import multiprocessing
import statistics
import sys
import time
from datetime import timedelta
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402 after the set-up
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from klaviyo_admin.accounts.models import Account, Membership, Person  # noqa: E402
from klaviyo_admin.audit import chain, checkpoints, log  # noqa: E402
from klaviyo_admin.audit.models import Entry, Head  # noqa: E402
from klaviyo_admin.audit.verify import verify  # noqa: E402
from klaviyo_admin.pages import audit_reads  # noqa: E402

PROCESSES, SECONDS, LOOKS = 4, 3.0, 40
WORDS = ("rename", "Spring sale", "list", "lapsed", "first_name", "approved", "nobody-has-this")


def shop() -> tuple[Account, Person]:
    person = Person.objects.create_user("auditor@example.com", "correct horse", name="Auditor")
    account = Account.objects.create(
        name="Juniper & Pine", klaviyo_id="SBXJP1", colour="teal", place="sandbox", sealed_key=b"", key_added_by=person
    )
    Membership.objects.create(person=person, account=account, role="auditor")
    return account, person


def filled(lines: int) -> tuple[Account, Person]:
    """A log of so many lines, as if over a year."""
    account, person = shop()
    previous, began = chain.START, timezone.now() - timedelta(days=365)
    for start in range(1, lines + 1, 2_000):
        block = []
        for number in range(start, min(start + 2_000, lines + 1)):
            block.append(Entry(**columns(number, previous, began, account, person)))
            previous = block[-1].hash
        with transaction.atomic():
            Entry.objects.bulk_create(block)
    Head.objects.create(pk=1, lines=lines, hash=previous)
    checkpoints.make()
    if connection.vendor == "postgresql":
        connection.cursor().execute("VACUUM ANALYZE audit_entry")  # as the server does by itself before long
    return account, person


def columns(number: int, previous: str, began: Any, account: Account, person: Person) -> dict[str, Any]:
    action = ("change.proposed", "change.approved", "step.sent", "step.done", "change.ended")[number % 5]
    made: dict[str, Any] = {
        **{"id": number, "at": began + timedelta(seconds=number * 30), "account_id": account.pk},
        **{"account_name": account.name, "person_id": person.pk, "person_name": person.name, "action": action},
        **{"change_id": number // 5, "step": number % 5 or None, "operation": "update_list", "object_type": "list"},
        **{"object_id": f"L{number % 997:05}", "object_name": f"Spring sale {number % 997}"},
        "sentence": f"{action}: Rename the list “Spring sale {number % 997}” to “Autumn {number}”.",
        "detail": {"digest": f"{number:064x}", "fields": [{"field": "name", "before": "a", "after": "b"}]},
        "previous_hash": previous,
    }
    return {**made, "hash": chain.digest(made)}


def append() -> str:
    shop()
    connection.close()
    spawn = multiprocessing.get_context("fork")
    counts = spawn.Queue()
    crew = [spawn.Process(target=appended, args=(counts,)) for _ in range(PROCESSES)]
    for process in crew:
        process.start()
    total = sum(counts.get() for _ in crew)
    for process in crew:
        process.join()
    verdict = verify()
    held = f"all {verdict.lines:,} hold" if verdict.holds else "BROKEN"
    return f"{total / SECONDS:,.0f} lines/s from {PROCESSES} processes on {connection.vendor}, each committed; {held}"


def appended(counts: Any) -> None:
    number, until = 0, time.perf_counter() + SECONDS
    while time.perf_counter() < until:
        with transaction.atomic():
            log.record("step.done", sentence=f"Request {number}: done.", detail={"status": 200, "milliseconds": 80})
        number += 1
    counts.put(number)


def search(lines: int) -> str:
    account, person = filled(lines)
    browser = Client()
    browser.force_login(person)
    times = [looked(browser, account, word) for word in ("", *WORDS) for _ in range(LOOKS // 8)]
    p95 = statistics.quantiles(times, n=20)[-1]
    return f"p95 {p95:.0f} ms, median {statistics.median(times):.0f} ms over {lines:,} lines on {connection.vendor}"


def looked(browser: Client, account: Account, word: str) -> float:
    started = time.perf_counter()
    answer = browser.get(f"/a/{account.pk}/audit/", {"words": word})
    assert answer.status_code == 200
    return (time.perf_counter() - started) * 1000


def verified(lines: int) -> str:
    filled(lines)
    started = time.perf_counter()
    verdict = verify()
    seconds = time.perf_counter() - started
    held = "all hold" if verdict.holds else "BROKEN"
    return f"{verdict.lines / seconds:,.0f} lines/s over {verdict.lines:,} lines on {connection.vendor}, {held}"


def read(lines: int) -> str:
    account, person = filled(lines)
    first = [timed(account, person, f"P{n}") for n in range(200)]
    again = [timed(account, person, f"P{n}") for n in range(200)]
    return (
        f"{statistics.median(first):.2f} ms for the first look at a profile, {statistics.median(again):.2f} ms after it"
    )


def timed(account: Account, person: Person, ident: str) -> float:
    started = time.perf_counter()
    audit_reads.read(person, account, "profile", ident, f"Opened the page of profile {ident}.")
    return (time.perf_counter() - started) * 1000


def main() -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    call_command("migrate", verbosity=0)
    what, *sizes = sys.argv[1:]
    measure = {"append": append, "search": search, "verify": verified, "read": read}[what]
    print(measure(*map(int, sizes)))  # noqa: T201 read by the bench


if __name__ == "__main__":
    main()
