"""One measurement of the audit in a process of its own, with a database of its own; prints one line of figures.

The database is SQLite in DATA_DIR, or what DATABASE_URL names. `append` is the whole way of a line, locks and commit
included; the lines that a search or a check reads are put in by the thousand, as the chain would have them.
"""

import multiprocessing
import statistics
import sys
import time
from collections.abc import Iterator
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
from klaviyo_admin.audit import checkpoints, log  # noqa: E402
from klaviyo_admin.audit.models import Entry  # noqa: E402
from klaviyo_admin.audit.verify import verify  # noqa: E402
from klaviyo_admin.pages import audit_reads  # noqa: E402
from tests.bench import _lines  # noqa: E402

PROCESSES, SECONDS, LOOKS = 4, 3.0, 3


def shop() -> tuple[Account, Person]:
    person = Person.objects.create_user("auditor@example.com", "correct horse", name="Auditor")
    account = Account.objects.create(
        name="Juniper & Pine", klaviyo_id="SBXJP1", colour="teal", place="sandbox", sealed_key=b"", key_added_by=person
    )
    Membership.objects.create(person=person, account=account, role="auditor")
    return account, person


def filled(lines: int) -> tuple[Account, Person]:
    """A log of so many lines over a year, in the index as far as the workers would have put them there."""
    account, person = shop()
    others = [(account.pk + 1, "Harbour Coffee"), (account.pk + 2, "Old Mill")]
    _lines.fill(lines, [(account.pk, account.name), *others])
    checkpoints.make()
    return account, person


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


def large(lines: int) -> str:
    """All that is measured of a large log, put in once."""
    account, person = filled(lines)
    return f"{search(lines, account, person)}; {verified(lines)}"


def search(lines: int, account: Account, person: Person) -> str:
    """Every kind of question, each some times in a row: an auditor who looks for one thing asks for it again."""
    call_command("collectstatic", verbosity=0, interactive=False)
    browser = Client()
    browser.force_login(person)
    asked = list(questions())
    kinds = [[looked(browser, account, question) for _ in range(LOOKS)] for question in asked]
    times = sorted(time for kind in kinds for time in kind)
    slowest, question = max(zip(map(statistics.median, kinds), map(str, asked), strict=True))
    return (
        f"p95 {statistics.quantiles(times, n=20)[-1]:.0f} ms, median {statistics.median(times):.0f} ms; slowest kind of {len(asked)}: "
        f"{slowest:.0f} ms, {question}; over {lines:,} lines on {connection.vendor}"
    )


def questions() -> Iterator[dict[str, object]]:
    """What is common, rare, nowhere, never together; by every field, alone and with others; new, old and deep."""
    line = Entry.objects.order_by("id")[Entry.objects.count() // 8]
    yield {}
    for words in (
        "approved",
        "nobody-has-this",
        "zq",
        "§",
        "A3F9",
        line.object_id,
        "rename coupon",
        '"status": 200 milliseconds',
    ):
        yield {"words": words}
    for words in ("approved campaign coupon code", "proposals approver", "deadbeef", "Autumn 123"):
        yield {"words": words}
    for person in ("zelda", "nobody", "ana"):
        yield {"person": person}
    for action in ("step.done", "login", "change"):
        yield {"action": action}
    for area in ("coupons", "events"):
        yield {"area": area}
    for operation in ("update_list", "get_lists"):
        yield {"operation": operation}
    for thing in (line.object_id, "Spring sale 12", "approved", "list"):
        yield {"object": thing}
    day = f"{line.at:%Y-%m-%d}"
    yield {"since": f"{timezone.now() + timedelta(days=1):%Y-%m-%d}"}
    yield {"until": day}
    for words in ("rename", "zqx"):
        yield {"words": words, "since": day, "until": day}
    yield {"person": "zelda", "words": "approved"}
    yield {"person": "zelda", "words": "coupon", "action": "step.sent"}
    yield {"words": "spring sale", "person": "ben", "operation": "update_campaign", "action": "change.approved"}
    yield {"words": "rename", "operation": "update_campaign"}
    yield {"person": "ana", "words": "ben"}
    yield {"before": line.id}
    yield {"words": "rename", "before": line.id}
    yield {"person": "ana", "words": "approved spring sale list rename", "action": "step", "object": "coupon"}


def looked(browser: Client, account: Account, question: dict[str, object]) -> float:
    started = time.perf_counter()
    answer = browser.get(f"/a/{account.pk}/audit/", question)
    assert answer.status_code == 200
    return (time.perf_counter() - started) * 1000


def verified(lines: int) -> str:
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
    measure = {"append": append, "large": large, "read": read}[what]
    print(measure(*map(int, sizes)))  # noqa: T201 read by the bench


if __name__ == "__main__":
    main()
