"""The inbox and the page of a change, for each role, through the whole life of a change."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.http import HttpResponse
from django.test import Client

from klaviyo_admin.audit.models import Entry
from klaviyo_admin.changes import execution, review
from klaviyo_admin.changes.models import Change, Step
from klaviyo_admin.intents import Intent
from klaviyo_admin.pages import bodies_text
from klaviyo_admin.sandbox.faults import Order
from tests.changes.stage import Stage, set_up
from tests.changes.test_following import importing


@pytest.fixture
def stage(db: None, settings: Any, tmp_path: Path) -> Iterator[Stage]:
    settings.MEDIA_ROOT = tmp_path
    with set_up() as made:
        yield made


def browser(stage: Stage, who: str) -> Client:
    client = Client()
    client.force_login(getattr(stage, who))
    return client


def url(stage: Stage, change: Change | None = None, rest: str = "") -> str:
    return f"/a/{stage.account.pk}/changes/" + (f"{change.pk}/{rest}" if change else rest)


def text(answer: HttpResponse) -> str:
    assert answer.status_code == 200, answer.content[:500]
    return answer.content.decode()


def page(stage: Stage, who: str, change: Change | None = None, rest: str = "") -> str:
    return text(browser(stage, who).get(url(stage, change, rest)))


def post(stage: Stage, who: str, change: Change, rest: str, **data: str) -> HttpResponse:
    answer = browser(stage, who).post(url(stage, change, rest), data, follow=True)
    assert isinstance(answer, HttpResponse)
    return answer


ROLES = ["marketer", "admin", "viewer", "auditor"]


@pytest.mark.parametrize("who", ROLES)
def test_every_role_reads_inbox_and_change(stage: Stage, who: str) -> None:
    change = stage.proposed()
    assert change.aloud.split("“")[1] in page(stage, who, rest="?tab=all").replace("&quot;", '"')
    told = page(stage, who, change)
    for words in ("Agreed with sales.", "Before", "After", "Renamed 1", "Update list", "PATCH"):
        assert words in told
    assert ("Approve and send" in told) == (who == "admin")
    assert ("Withdraw" in told) == (who == "marketer")
    assert ("Download the exact body" in told) == (who in ("admin", "auditor"))
    assert ("In the audit" in told) == (who in ("admin", "auditor"))


def test_strangers_go_to_login_and_people_of_other_accounts_find_nothing(stage: Stage) -> None:
    change = stage.proposed()
    for rest in ("", "progress/", "steps/1/look/", "steps/1/body/"):
        assert Client().get(url(stage, change, rest)).status_code == 302
    outsider = type(stage.admin).objects.create_user("out@example.com", "x", name="Out")
    client = Client()
    client.force_login(outsider)
    for rest in ("", "progress/", "steps/1/look/", "steps/1/body/"):
        assert client.get(url(stage, change, rest)).status_code == 404
    assert client.post(url(stage, change, "approve/")).status_code == 404


def test_the_inbox_sorts_changes_into_tabs_and_narrows_them(stage: Stage) -> None:
    waiting = stage.proposed()
    done = stage.carried_out(stage.approved(stage.renaming(to="Other")))
    own = review.propose(stage.admin, stage.account, stage.renaming(to="Own"), "Because.")

    def numbers(who: str, query: str) -> set[int]:
        told = page(stage, who, rest=query)
        return {change.pk for change in (waiting, done, own) if f"/changes/{change.pk}/" in told}

    assert numbers("admin", "") == {waiting.pk}
    assert numbers("marketer", "") == {waiting.pk, done.pk}
    assert numbers("viewer", "") == {waiting.pk, done.pk, own.pk}
    assert numbers("admin", "?tab=mine") == {own.pk}
    assert numbers("viewer", "?tab=finished") == {done.pk}
    assert numbers("viewer", "?tab=running") == set()
    assert numbers("viewer", f"?tab=all&person={stage.admin.pk}") == {own.pk}
    assert numbers("viewer", "?tab=all&status=done&area=lists") == {done.pk}
    assert numbers("viewer", "?tab=all&area=nonsense&before=x") == {waiting.pk, done.pk, own.pk}


def test_an_empty_inbox_says_so(stage: Stage) -> None:
    assert "Nothing waits for your decision" in page(stage, "admin")
    assert "You have proposed nothing yet" in page(stage, "marketer")


def test_a_long_inbox_has_pages(stage: Stage) -> None:
    intent = stage.renaming()
    changes = [stage.proposed(intent) for _ in range(27)]
    first = page(stage, "viewer", rest="?tab=all")
    assert f"/changes/{changes[26].pk}/" in first
    assert f"before={changes[2].pk}" in first
    second = page(stage, "viewer", rest=f"?tab=all&before={changes[2].pk}")
    assert f"/changes/{changes[0].pk}/" in second
    assert f"/changes/{changes[3].pk}/" not in second


def test_an_admin_approves_what_is_on_the_page(stage: Stage) -> None:
    change = stage.proposed()
    answer = post(stage, "admin", change, "approve/", digest=change.digest, comment="Fine by me.")
    told = text(answer)
    assert "Approved." in told
    assert "Fine by me." in told
    assert 'hx-trigger="every 1s"' in told
    assert stage.carried_out(change).status == "done"
    assert 'hx-trigger="every' not in page(stage, "admin", change)


def test_an_approval_of_what_was_not_on_the_page_is_refused(stage: Stage) -> None:
    change = stage.proposed()
    assert "Read it again" in text(post(stage, "admin", change, "approve/", digest="0" * 64))
    assert Change.objects.get(pk=change.pk).status == "proposed"


def test_a_rejection_needs_a_comment(stage: Stage) -> None:
    change = stage.proposed()
    assert "Say why you reject it" in text(post(stage, "admin", change, "reject/", comment=""))
    told = text(post(stage, "admin", change, "reject/", comment="Wrong name."))
    assert "Wrong name." in told
    assert "Rejected" in told


@pytest.mark.parametrize("act", ["approve/", "reject/", "resume/", "steps/1/resolve/"])
@pytest.mark.parametrize("who", ["marketer", "viewer", "auditor"])
def test_who_may_not_decide_gets_a_plain_no(stage: Stage, who: str, act: str) -> None:
    change = stage.proposed()
    answer = post(stage, who, change, act, digest=change.digest, comment="x", verdict="done")
    assert answer.status_code == 403
    assert "may not decide" in answer.content.decode()


def test_the_author_withdraws(stage: Stage) -> None:
    change = stage.proposed()
    assert "Withdrawn" in text(post(stage, "marketer", change, "withdraw/"))


def test_decisions_are_never_taken_by_a_link(stage: Stage) -> None:
    change = stage.proposed()
    for act in ("approve/", "reject/", "withdraw/", "resume/", "steps/1/resolve/"):
        assert browser(stage, "admin").get(url(stage, change, act)).status_code == 405


def test_progress_refreshes_until_the_change_ends(stage: Stage) -> None:
    change = stage.approved(stage.renaming(3))
    client = browser(stage, "viewer")
    running = client.get(url(stage, change, "progress/"), headers={"HX-Request": "true"})
    assert text(running).lstrip().startswith('<section id="progress"')
    assert "HX-Refresh" not in running
    stage.carried_out(change)
    ended = client.get(url(stage, change, "progress/"), headers={"HX-Request": "true"})
    assert ended["HX-Refresh"] == "true"
    assert 'value="3" max="3"' in text(ended)


def test_a_stuck_request_is_looked_at_settled_and_the_rest_continued(stage: Stage) -> None:
    change = stage.approved(stage.renaming(2))
    stage.sandbox.faults.add(Order("update_list", "drop_after", times=1))
    stage.carried_out(change)
    told = page(stage, "admin", change)
    assert "Did Klaviyo carry it out?" in told
    assert "Continue" not in told
    assert "Did Klaviyo carry it out?" not in page(stage, "marketer", change)
    assert "Everything is already as wanted" in page(stage, "admin", change, "steps/1/look/")
    assert "Everything is already as wanted" in page(stage, "admin", change, "?look=1")
    told = text(post(stage, "admin", change, "steps/1/resolve/", verdict="done", comment="I looked."))
    assert "Continue" in told
    post(stage, "admin", change, "resume/")
    assert stage.carried_out(change).status == "done"


def test_a_stale_change_shows_three_columns(stage: Stage) -> None:
    change = stage.approved(stage.renaming(to="Mine"))
    stage.carried_out(stage.approved(stage.renaming(to="Theirs")))
    stage.carried_out(change)
    told = page(stage, "marketer", change)
    for words in ("When proposed", "Wanted", "In Klaviyo now", "Mine 1", "Theirs 1", "moved"):
        assert words.lower() in told.lower()


def test_a_change_is_compared_with_klaviyo_on_demand(stage: Stage) -> None:
    change = stage.proposed()
    assert "In Klaviyo now" not in page(stage, "admin", change)
    assert "In Klaviyo now" in page(stage, "admin", change, "?now=1")
    stage.sandbox.faults.add(Order("get_list", "error_before", status=500))
    assert "Klaviyo cannot be reached" in page(stage, "admin", change, "?now=1")


def test_many_requests_are_shown_ten_at_first_and_then_all(stage: Stage) -> None:
    intent = stage.renaming()
    change = stage.proposed(Intent("lists.edit", "Rename often.", intent.requests * 61))
    told = page(stage, "admin", change)
    assert told.count('<article id="request-') == 10
    assert "Show all" in told
    assert page(stage, "admin", change, "?from=1").count("<article") == 50
    assert page(stage, "admin", change, "?from=51").count("<article") == 11


def test_a_bulk_body_is_a_table_and_its_bytes_a_download(stage: Stage) -> None:
    change = stage.proposed(importing([f"guest{n}@example.com" for n in range(2000)]))
    step = Step.objects.get(change=change)
    told = page(stage, "admin", change)
    assert len(told) < 60_000
    assert "guest190@example.com" in told  # row 20 of the first chunk
    assert "guest200@example.com" not in told
    assert "2,000" in told
    answer = browser(stage, "auditor").get(url(stage, change, "steps/1/body/"))
    assert (len(answer.content), answer["Content-Type"]) == (step.body_size, "application/json")
    assert Entry.objects.filter(action="body.taken", person_id=stage.auditor.pk).count() == 1
    assert browser(stage, "marketer").get(url(stage, change, "steps/1/body/")).status_code == 403


def test_refused_rows_are_listed(stage: Stage) -> None:
    change = stage.carried_out(stage.approved(importing([*[f"g{n}@example.com" for n in range(9)], "no address"])))
    told = page(stage, "marketer", change)
    assert "Klaviyo refused 1 row." in told
    assert "/data/attributes/profiles/data/9/" in told


def test_an_altered_change_shows_an_alarm_instead_of_its_requests(stage: Stage) -> None:
    change = stage.proposed()
    Step.objects.filter(change=change).update(path="/api/lists/OTHER1")
    Change.objects.filter(pk=change.pk).update(sealed_name=b"spoilt")
    told = page(stage, "admin", change)
    assert "This change was altered" in told
    assert "Approve and send" not in told
    assert f"/changes/{change.pk}/" in page(stage, "admin", rest="?tab=all")


def test_a_one_person_installation_says_that_it_approves_itself(stage: Stage, settings: Any) -> None:
    settings.SELF_APPROVAL = True
    change = review.propose(stage.admin, stage.account, stage.renaming(), "Because.")
    assert "recorded as self-approved" in page(stage, "admin", change)
    told = text(post(stage, "admin", change, "approve/", digest=change.digest))
    assert "Self-approved" in told
    execution.carry_out(change.pk)
    assert Change.objects.get(pk=change.pk).status == "done"


@pytest.mark.parametrize(
    "body",
    [
        b'{"a":1.50,"b":[],"c":{},"d":[1,{"e":"x,{}[]:\\" \\u00e9"}],"f":1e3}',
        b"[]",
        b'{"data":[{"id":"1"},{"id":"2"}]}',
        b'  {"spaced" : [ 1 , 2 ] }',
    ],
)
def test_indented_json_keeps_every_character_that_matters(body: bytes) -> None:
    shown = bodies_text.indented(body)
    assert orjson.loads(shown) == orjson.loads(body)
    assert "".join(shown.split()).replace(" ", "") == "".join(body.decode().split())
