"""What a dead worker left is done by another; what is too old is removed; what kills workers is given up."""

from datetime import timedelta

from django.utils import timezone
from django_q.models import OrmQ

from klaviyo_admin.imports import journey, outcome, sweep, tasks
from klaviyo_admin.imports.models import Piece, Upload
from tests.changes.stage import Stage
from tests.imports.test_journey import checked, received

LONG_AGO = timezone.now() - timedelta(days=40)


def hints() -> int:
    sweep.once()
    return OrmQ.objects.count()


def test_work_that_nobody_holds_is_hinted_again_but_not_at_once(stage: Stage) -> None:
    upload = received(stage)
    OrmQ.objects.all().delete()
    assert hints() == 0
    Upload.objects.update(hinted_at=LONG_AGO)
    assert hints() == 1
    assert hints() == 1
    OrmQ.objects.all().delete()
    Upload.objects.update(hinted_at=LONG_AGO, lease_until=timezone.now() + timedelta(minutes=1))
    assert hints() == 0
    tasks.analyse(upload.pk)
    assert Upload.objects.get().status == "received"
    Upload.objects.update(lease_until=LONG_AGO)
    assert hints() == 1
    tasks.analyse(upload.pk)
    assert Upload.objects.get().status == "analysed"


def test_a_file_that_kills_its_workers_is_given_up_with_a_sentence(stage: Stage) -> None:
    upload = received(stage)
    for _ in range(tasks.MAX_ATTEMPTS):
        assert tasks._claimed(upload.pk, "received")
        Upload.objects.update(lease_until=LONG_AGO)
    tasks.analyse(upload.pk)
    upload.refresh_from_db()
    assert upload.status == "refused"
    assert "failed several times" in upload.refusal
    assert not Piece.objects.exists()


def test_contents_go_when_their_time_is_over_and_the_counts_stay(stage: Stage) -> None:
    upload = checked(stage)
    journey.propose(stage.marketer, upload, "The fair in May.")
    sweep.once()
    assert Piece.objects.filter(kind="file").exists()
    Upload.objects.update(purge_after=LONG_AGO)
    sweep.once()
    upload.refresh_from_db()
    assert (upload.purged, upload.analysis, upload.choices) == (True, None, None)
    assert set(Piece.objects.values_list("kind", flat=True)) == {"lines"}
    assert (outcome.tally(upload).waiting, outcome.tally(upload).listed) == (2, 1)
    assert list(outcome.problems(upload)) == []
