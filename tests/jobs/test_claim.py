"""Claims are tried on the model that lives by them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from klaviyo_admin import jobs
from klaviyo_admin.changes.models import Change
from tests.accounts import given


def change() -> Change:
    account = given.account()
    return Change.objects.create(
        account=account, action="x", sentence="x", reason="x", author=given.member(account, "marketer")
    )


@pytest.mark.django_db
def test_a_claim_counts_the_attempt_and_holds_until_its_lease_is_over() -> None:
    row = change()
    mine = Change.objects.filter(pk=row.pk)
    assert jobs.claim(mine, lease_seconds=60) == 1
    assert jobs.claim(mine, lease_seconds=60) is None
    mine.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert jobs.claim(mine, lease_seconds=60) == 2
    row.refresh_from_db()
    assert (row.fence, row.attempts) == (2, 2)
    assert row.lease_until
    assert 55 < (row.lease_until - timezone.now()).total_seconds() <= 60


@pytest.mark.django_db
def test_a_row_that_does_not_fit_is_not_claimed() -> None:
    row = change()
    assert jobs.claim(Change.objects.filter(pk=row.pk, status="approved"), lease_seconds=60) is None
    row.refresh_from_db()
    assert row.attempts == 0


@pytest.mark.django_db
def test_a_claim_of_several_rows_at_once_is_a_mistake_and_takes_none() -> None:
    row = change()
    row.pk = None
    row.save()
    with pytest.raises(Change.MultipleObjectsReturned):
        jobs.claim(Change.objects.all(), lease_seconds=60)
    assert not Change.objects.exclude(attempts=0).exists()


@pytest.mark.django_db(transaction=True)
def test_of_many_claims_at_once_one_succeeds() -> None:
    row = change()

    def claim(_: int) -> int | None:
        try:
            return jobs.claim(Change.objects.filter(pk=row.pk), lease_seconds=60)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as crew:
        fences = list(crew.map(claim, range(6)))
    assert sorted(fences, key=str) == [1, None, None, None, None, None]
