"""When the time of keeping is over, customers' data go, and what happened stays readable."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from klaviyo_admin import api
from klaviyo_admin.audit.models import Entry
from klaviyo_admin.audit.verify import verify
from klaviyo_admin.changes import bodies, digests, purge, review
from klaviyo_admin.changes.models import Change, Step
from klaviyo_admin.changes.review import ReviewRefused
from klaviyo_admin.intents import Intent, Request, Target
from klaviyo_admin.klaviyo.catalogue import operation
from klaviyo_admin.sealing import sealed_columns
from tests.changes.stage import Stage, actions
from tests.changes.test_following import importing

SEALED = [column.name for model, column in sealed_columns() if model is Step]


def edited(stage: Stage) -> Change:
    """A change of a profile that has ended."""
    profile = api.reader(stage.account).page("get_profiles").items[0]
    change = stage.carried_out(stage.approved(stage.editing(profile, {"first_name": "Zebedee"})))
    assert change.status == "done"
    return change


def a_year_passes(change: Change) -> Change:
    Change.objects.filter(pk=change.pk).update(purge_after=timezone.now() - timedelta(seconds=1))
    return change


def page(stage: Stage, change: Change, who: str = "auditor", rest: str = "") -> str:
    client = Client()
    client.force_login(getattr(stage, who))
    answer = client.get(f"/a/{stage.account.pk}/changes/{change.pk}/{rest}")
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_nothing_is_removed_before_its_time(stage: Stage) -> None:
    change = edited(stage)
    assert purge.due_now() == 0
    assert bodies.of(change.steps.get())
    assert purge.removed_on(change) is None


def test_every_sealed_value_of_a_person_goes_and_the_audit_tells(stage: Stage, capsys: Any) -> None:
    change = a_year_passes(edited(stage))
    call_command("purge")
    assert "1 changes purged." in capsys.readouterr().out
    step, change = change.steps.get(), Change.objects.get(pk=change.pk)
    left = {name: getattr(step, name) for name in SEALED if getattr(step, name)}
    assert set(left) == {"path"}
    assert change.sealed_name is None
    assert actions(change)[-1] == "change.purged"
    assert verify().holds
    assert purge.due_now() == 0
    with pytest.raises(bodies.Removed):
        bodies.of(step)


def test_pages_and_evidence_stay_readable_and_say_so(stage: Stage) -> None:
    change = a_year_passes(edited(stage))
    assert "Zebedee" in page(stage, change)
    assert purge.purge(change.pk)
    for text in (page(stage, change), page(stage, change, rest="evidence/")):
        assert "removed" in text
        assert "Zebedee" not in text
        assert "altered" not in text
        assert change.digest in text or change.digest[:6] in text
    client = Client()
    client.force_login(stage.auditor)
    told = client.get(f"/a/{stage.account.pk}/audit/?change={change.pk}").content.decode()
    assert "removed when its time of keeping was over" in told
    assert "Personal data removed" in told


def test_a_file_goes_with_the_last_change_that_uses_it(stage: Stage) -> None:
    one, other = (
        stage.carried_out(stage.approved(importing([f"guest{n}@example.com" for n in range(1_200)]))) for _ in range(2)
    )
    sha = one.steps.get().body_sha256
    assert one.steps.get().in_file
    assert other.steps.get().body_sha256 == sha
    purge.purge(a_year_passes(one).pk)
    assert bodies.of(other.steps.get())
    purge.purge(a_year_passes(other).pk)
    assert not default_storage.exists(f"{sha[:2]}/{sha}")


def test_a_change_that_is_not_over_is_never_purged(stage: Stage) -> None:
    change = stage.approved()
    assert not purge.purge(a_year_passes(change).pk)
    assert bodies.of(change.steps.get())
    assert not Entry.objects.filter(action="change.purged").exists()


def test_the_worker_looks_once_a_minute(stage: Stage) -> None:
    purge.once()
    change = a_year_passes(edited(stage))
    purge.once()
    assert purge.removed_on(Change.objects.get(pk=change.pk)) is None


def test_what_stood_there_before_goes_too(stage: Stage) -> None:
    item = stage.lists()[1]
    gone = Request(operation("delete_list").write({"id": item.id}), Target("list", item.id, "x", "get_list"))
    change = stage.carried_out(stage.approved(Intent("lists.delete", "Delete it.", (gone,))))
    assert change.steps.get().image["things"][0]["attributes"]["name"] == item.get("name")
    purge.purge(a_year_passes(change).pk)
    assert change.steps.get().image is None


def test_a_purged_change_is_no_forgery_whatever_is_asked_of_it(stage: Stage) -> None:
    change = edited(stage)
    Change.objects.filter(pk=change.pk).update(status="failed")
    purge.purge(a_year_passes(change).pk)
    change = Change.objects.get(pk=change.pk)
    with pytest.raises(ReviewRefused, match="were removed"):
        review.resume(stage.admin, change)
    assert purge.GONE in page(stage, change, "marketer", "undo/").replace("&#x27;", "'")
    assert Change.objects.get(pk=change.pk).outcome != digests.ALTERED
