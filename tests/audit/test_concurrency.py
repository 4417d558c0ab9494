"""Many writers at once, each with a connection of its own."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from klaviyo_admin.audit import log
from klaviyo_admin.audit.models import Entry
from klaviyo_admin.audit.verify import verify

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS, EACH = 4, 20


def write(writer: int) -> None:
    try:
        for number in range(EACH):
            with transaction.atomic():
                # A transaction that read something first must get its turn all the same.
                Entry.objects.count()
                log.record("login", sentence=f"{writer} wrote {number}.")
                transaction.set_rollback(number % 5 == 4)
    finally:
        connection.close()


def test_lines_of_many_writers_form_one_chain_without_gaps() -> None:
    with ThreadPoolExecutor(WRITERS) as crew:
        list(crew.map(write, range(WRITERS)))
    assert verify().lines == WRITERS * EACH * 4 // 5
    assert verify().holds
    for writer in range(WRITERS):
        said = list(
            Entry.objects.filter(sentence__startswith=f"{writer} ").order_by("id").values_list("sentence", flat=True)
        )
        assert said == [f"{writer} wrote {number}." for number in range(EACH) if number % 5 != 4]
