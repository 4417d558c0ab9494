"""The shell's door to Klaviyo: any read, and writes only as proposals."""

import csv
import json
import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from klaviyo_admin.changes import review
from klaviyo_admin.changes.models import Change, Step
from klaviyo_admin.klaviyo.catalogue import operations
from klaviyo_admin.sandbox.faults import Order
from tests.changes.stage import Stage, set_up
from tests.fakes import ROOT


@pytest.fixture
def stage(db: None, settings: Any, tmp_path: Path) -> Iterator[Stage]:
    settings.MEDIA_ROOT = tmp_path
    with set_up() as made:
        yield made


def run(*words: str) -> str:
    out = StringIO()
    call_command("klaviyo", *words, stdout=out)
    return out.getvalue()


def misused(*words: str) -> CommandError:
    with pytest.raises(CommandError) as caught:
        run(*words)
    return caught.value


def test_one_page_comes_as_json(stage: Stage) -> None:
    people = json.loads(run("get_profiles", "--size", "3", "--fields", "profile=email", "--json"))
    assert len(people) == 3
    assert set(people[0]) == {"type", "id", "attributes", "related"}
    assert "@" in people[0]["attributes"]["email"]


def test_all_pages_come_one_after_another(stage: Stage) -> None:
    assert len(json.loads(run("get-profiles", "--size", "7", "--all"))) == 30
    assert json.loads(run("get_profiles", "--filter", "email=nobody@example.com")) == []


@pytest.mark.parametrize("word", ["email={}", "email equals {}", "email any {},x@example.com", 'equals(email,"{}")'])
def test_a_filter_may_be_written_in_several_ways(stage: Stage, word: str) -> None:
    address = json.loads(run("get_profiles", "--size", "1"))[0]["attributes"]["email"]
    found = json.loads(run("get_profiles", "--filter", word.format(address), "--account", "juniper & pine"))
    assert [one["attributes"]["email"] for one in found] == [address]


def test_one_thing_is_found_by_its_path(stage: Stage) -> None:
    first = json.loads(run("get_lists", "--size", "1"))[0]
    (again,) = json.loads(run("get_list", "--path", f"id={first['id']}"))
    assert again["attributes"]["name"] == first["attributes"]["name"]


def test_csv_has_a_column_for_every_attribute_and_calculates_nothing(stage: Stage) -> None:
    rows = list(csv.DictReader(StringIO(run("get_profiles", "--size", "5", "--csv"))))
    assert len(rows) == 5
    assert {"id", "email", "location.city"} <= set(rows[0])
    assert all(not row["phone_number"].startswith("+") for row in rows)


def test_a_table_has_aligned_columns(stage: Stage) -> None:
    lines = run("get_lists", "--table").splitlines()
    assert lines[0].split()[:2] == ["id", "name"]
    assert len({line.index(line.split()[1]) for line in lines}) == 1


def test_a_question_with_a_body_is_answered(stage: Stage, tmp_path: Path) -> None:
    metric = json.loads(run("get_metrics"))[0]["id"]
    times = ["greater-or-equal(datetime,2026-06-01T00:00:00Z)", "less-than(datetime,2026-06-08T00:00:00Z)"]
    given = [f"metric_id={metric}", 'measurements:=["count"]', f"filter:={json.dumps(times)}", "interval=day"]
    answer = json.loads(run("query_metric_aggregates", *(word for one in given for word in ("--set", one))))
    assert answer["data"]["attributes"]["data"]


def test_a_write_lands_in_the_inbox_with_before_and_after(stage: Stage) -> None:
    first = stage.lists()[0]
    words = ("update_list", "--path", f"id={first.id}", "--set", "name=Shelled", "--propose", "--reason", "A test.")
    said = run(*words, "--as", stage.marketer.email)
    change = Change.objects.get()
    step = Step.objects.get()
    assert said.startswith(f"Proposed change {change.pk}: Update list")
    assert (change.status, change.author_id, change.reason) == ("proposed", stage.marketer.pk, "A test.")
    assert (step.operation, step.target_id) == ("update_list", first.id)
    assert [(f["label"], f["before"], f["after"]) for f in step.fields] == [("name", first.get("name"), "Shelled")]
    assert stage.writes() == []


def test_a_write_from_the_shell_can_be_approved_and_carried_out(stage: Stage, tmp_path: Path) -> None:
    body = tmp_path / "body.json"
    profiles = {"data": [{"type": "profile", "attributes": {"email": "ana@example.com"}}]}
    data = {"type": "profile-bulk-import-job", "attributes": {"profiles": profiles}}
    body.write_text(json.dumps({"data": data}))
    run(
        *("bulk_import_profiles", "--body", str(body), "--propose", "--reason", "A test."),
        *("--as", stage.marketer.email),
    )
    change = Change.objects.get()
    review.approve(stage.admin, change, change.digest)
    assert stage.carried_out(change).status == "done"
    assert Step.objects.get().follow["job"] == "get_bulk_import_profiles_job"


def test_a_write_without_its_words_is_not_even_proposed(stage: Stage) -> None:
    path = ("update_list", "--path", f"id={stage.lists()[0].id}", "--set", "name=Shelled")
    for words, said in (
        ((), "add --propose"),
        (("--propose", "--reason", "A test."), "say --as EMAIL"),
        (("--propose", "--reason", "A test.", "--as", "nobody@example.com"), "Nobody here"),
    ):
        error = misused(*path, *words)
        assert (error.returncode, said in str(error)) == (2, True), str(error)
    for person, words, said in (
        (stage.marketer, (), "Say why"),
        (stage.viewer, ("--reason", "A test."), "may not propose"),
    ):
        error = misused(*path, "--propose", "--as", person.email, *words)
        assert (error.returncode, said in str(error)) == (1, True), str(error)
    assert not Change.objects.exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("get_profils",), "Did you mean get_profiles"),
        (("get_list",), "takes the path parts id"),
        (("get_lists", "--size", "50"), "from 1 to 10"),
        (("get_lists", "--filter", "id contains x"), "knows no “contains”"),
        (("get_lists", "--filter", "name"), "--filter takes"),
        (("get_lists", "--sort", "size"), "does not take size as sort"),
        (("get_lists", "--account", "Nowhere"), "There are: “Juniper & Pine”"),
        (("get_lists", "--path", "AbC123"), "--path takes name=value"),
        (("get_lists", "--set", "a=b"), "takes no body"),
        (("query_metric_aggregates", "--set", "metric_id=x"), "/data/attributes"),
        (("query_metric_aggregates", "--body", "/nowhere.json"), "cannot be read"),
    ],
)
def test_wrong_use_is_told_in_a_sentence(stage: Stage, words: tuple[str, ...], said: str) -> None:
    error = misused(*words)
    assert said in str(error)
    assert error.returncode == 2


def test_klaviyos_no_and_its_not_now_have_their_own_exit_codes(stage: Stage) -> None:
    assert misused("get_list", "--path", "id=NOPE01").returncode == 1
    stage.sandbox.faults.add(Order("get_lists", "throttle", times=9, seconds=4000))
    error = misused("get_lists")
    assert (error.returncode, "daily budget" in str(error)) == (3, True)


def test_operations_are_listed_and_explained() -> None:
    out = StringIO()
    call_command("operations", "lists", stdout=out)
    assert "update_list" in out.getvalue()
    out = StringIO()
    call_command("operations", "--names", stdout=out)
    assert out.getvalue().split() == [found.id for found in operations()]
    out = StringIO()
    call_command("operations", "get-profile", stdout=out)
    assert "1/s 15/m with include=list" in out.getvalue()
    with pytest.raises(CommandError, match="The areas are") as caught:
        call_command("operations", "lsts")
    assert caught.value.returncode == 2


@pytest.mark.processes
def test_a_reader_that_leaves_ends_the_command_quietly() -> None:
    command = f"{sys.executable} manage.py operations | head -1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (141, "")
    wrong = subprocess.run(
        [sys.executable, "manage.py", "operations", "nope"], cwd=ROOT, capture_output=True, text=True
    )
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "has no operation" in wrong.stderr
