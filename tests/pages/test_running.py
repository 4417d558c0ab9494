"""What people see and click about when a change is sent, what holds it, and how it is held up."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from klaviyo_admin import api
from klaviyo_admin.accounts.models import Account, Membership, Person
from klaviyo_admin.changes import controls, emergency, execution, freezes, review, timing
from klaviyo_admin.changes.models import Change, Freeze, Step
from klaviyo_admin.pages.audit_search import ACTIONS
from tests.changes.stage import Stage, set_up
from tests.changes.test_controls import planned
from tests.changes.test_refs import making
from tests.imports.test_journey import checked
from tests.pages.test_changes import browser, page, post, text

HOUR = timedelta(hours=1)
ROLES = ["marketer", "admin", "viewer", "auditor"]


@pytest.fixture
def stage(db: None, settings: Any, tmp_path: Path) -> Iterator[Stage]:
    settings.MEDIA_ROOT = tmp_path
    with set_up() as made:
        yield made


def rename(stage: Stage, **said: str) -> HttpResponse:
    ident = stage.lists()[0].id
    client = browser(stage, "marketer")
    client.cookies["zone"] = "Europe/Berlin"
    url = f"/a/{stage.account.pk}/lists/act/edit/?id={ident}"
    given = {
        "name": "Autumn fair",
        "opt_in_process": "double_opt_in",
        "why-reason": "For the fair.",
        **{f"why-{key}": value for key, value in said.items()},
    }
    found = client.post(url, given, follow=True)
    assert isinstance(found, HttpResponse)
    return found


def freeze(stage: Stage, reason: str = "Black Friday") -> Freeze:
    now = timezone.now()
    return freezes.set_up(stage.admin, stage.account, now - HOUR, now + HOUR, reason)


def test_a_change_is_proposed_for_a_time_and_shows_it_in_both_zones(stage: Stage) -> None:
    Account.objects.update(zone="America/New_York")
    told = text(rename(stage, when="at", at="2030-11-26T09:10", canary="2", tolerate="10", approve_by="3"))
    assert "On Tuesday 26 November 2030, 09:10 CET" in told
    assert "03:10 in America/New_York, where the account lives" in told
    assert "The first 2 requests go first" in told
    assert "at most 10 %" in told
    plan = timing.of(Change.objects.get())
    assert plan.at is not None
    assert plan.at.isoformat() == "2030-11-26T08:10:00+00:00"


def test_a_change_is_proposed_for_hours_of_the_accounts_day(stage: Stage) -> None:
    Account.objects.update(zone="America/New_York")
    told = text(rename(stage, when="window", days="workdays", begin="22:00", end="06:00"))
    assert "Only between 22:00 and 06:00, Monday to Friday, in America/New_York." in told


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"when": "at"}, "Say on which day and at what time."),
        ({"when": "at", "at": "2020-01-01T00:00"}, "This moment has passed already."),
        ({"when": "window", "begin": "10:00"}, "Say until when."),
        ({"when": "window", "begin": "10:00", "end": "10:00"}, "it would never be sent"),
        ({"canary": "0"}, "greater than or equal to 1"),
    ],
)
def test_a_plan_that_makes_no_sense_is_asked_again_with_what_was_typed(
    stage: Stage, said: dict[str, str], words: str
) -> None:
    answer = rename(stage, **said)
    told = answer.content.decode()
    assert answer.status_code == 422
    assert words in told
    assert "For the fair." in told
    assert '<details class="fold plan mb-3" open>' in told
    assert not Change.objects.exists()


def test_without_a_word_on_it_a_change_is_sent_as_soon_as_it_is_approved(stage: Stage) -> None:
    told = text(rename(stage))
    assert "As soon as it is approved." in told
    assert "If it is not approved before" in told


@pytest.mark.parametrize("who", ROLES)
def test_who_sees_which_buttons(stage: Stage, who: str) -> None:
    change = planned(stage, 2)
    told = page(stage, who, change)
    assert ("Pause" in told) == ("Cancel the rest" in told) == (who in ("marketer", "admin"))
    controls.pause(stage.admin, change)
    told = page(stage, who, change)
    assert "Somebody paused it." in told
    assert ("Go on</button>" in told) == (who == "admin")


def test_pausing_going_on_and_cancelling_by_click(stage: Stage) -> None:
    change = planned(stage, 3)
    assert "Paused. Nothing more of it leaves." in text(post(stage, "marketer", change, "pause/"))
    assert post(stage, "marketer", change, "go-on/").status_code == 403
    assert "It goes on." in text(post(stage, "admin", change, "go-on/"))
    assert "Say why the rest is not wanted" in text(post(stage, "admin", change, "cancel/", reason=""))
    told = text(post(stage, "admin", change, "cancel/", reason="Not now."))
    assert "Cancelled. What had not been sent is left out." in told
    assert "0 of 3 requests were carried out. 3 left out." in told
    for act in ("pause/", "go-on/", "cancel/", "retry/", "break-glass/", "close-review/"):
        assert browser(stage, "admin").get(f"/a/{stage.account.pk}/changes/{change.pk}/{act}").status_code == 405


def test_another_time_is_set_on_a_page_that_says_what_becomes_void(stage: Stage) -> None:
    change = planned(stage, 2, at=timezone.now() + HOUR)
    told = page(stage, "marketer", change)
    assert "It is approved and waits for its time." in told
    told = page(stage, "marketer", change, "plan/")
    assert "1 approval of the present plan will no longer count" in told
    told = text(post(stage, "marketer", change, "plan/", when="at", at="2031-01-02T03:04"))
    assert "It is planned anew and waits for approval." in told
    assert Change.objects.get(pk=change.pk).status == "proposed"
    assert "Approve and send" in page(stage, "admin", change)
    told = text(post(stage, "admin", change, "plan/", when="at", at="2032-01-02T03:04"))
    assert "somebody else has to approve that" in told
    assert "Approve and send" not in told
    assert post(stage, "viewer", change, "plan/", when="now").status_code == 403
    assert post(stage, "marketer", change, "plan/", when="at").status_code == 422


def test_a_freeze_is_set_seen_on_every_page_and_lifted(stage: Stage) -> None:
    client = browser(stage, "admin")
    url = f"/a/{stage.account.pk}/freezes/"
    assert "No freeze holds or is to come." in text(client.get(url))
    now = timezone.now()
    given = {
        "begins_at": f"{now - HOUR:%Y-%m-%dT%H:%M}",
        "ends_at": f"{now + HOUR:%Y-%m-%dT%H:%M}",
        "reason": "Black Friday",
    }
    assert client.post(url, {**given, "ends_at": given["begins_at"]}).status_code == 422
    assert "The freeze is set." in text(client.post(url, given, follow=True))
    for who in ROLES:
        for path in ("", "changes/", "freezes/"):
            assert "Nothing is sent until" in text(browser(stage, who).get(f"/a/{stage.account.pk}/{path}")), (
                who,
                path,
            )
    change = stage.approved()
    execution.carry_out(change.pk)
    assert "A freeze holds everything of this account." in page(stage, "viewer", change)
    found = Freeze.objects.get()
    assert browser(stage, "viewer").post(f"{url}{found.pk}/lift/", {"reason": "X"}).status_code == 403
    assert "Say why this freeze is lifted" in text(client.post(f"{url}{found.pk}/lift/", {"reason": ""}, follow=True))
    assert "The freeze is lifted." in text(client.post(f"{url}{found.pk}/lift/", {"reason": "Over."}, follow=True))
    assert "Nothing is sent until" not in text(client.get(url))
    assert client.post(f"{url}{found.pk}/lift/", {"reason": "X"}).status_code == 404


def test_only_an_owner_freezes_all_accounts(stage: Stage) -> None:
    now = timezone.now()
    url = f"/a/{stage.account.pk}/freezes/"
    given = {
        "begins_at": f"{now:%Y-%m-%dT%H:%M}",
        "ends_at": f"{now + HOUR:%Y-%m-%dT%H:%M}",
        "reason": "X",
        "everywhere": "on",
    }
    browser(stage, "admin").post(url, given)
    assert Freeze.objects.get().account == stage.account
    Person.objects.filter(pk=stage.colleague.pk).update(is_superuser=True)
    browser(stage, "colleague").post(url, given)
    assert Freeze.objects.filter(account=None).exists()
    assert browser(stage, "marketer").post(url, given).status_code == 403


def test_the_glass_is_broken_seen_everywhere_and_its_review_closed(stage: Stage) -> None:
    freeze(stage)
    people = f"/a/{stage.account.pk}/people/"
    mine = browser(stage, "admin").post(f"{people}{stage.admin.pk}/emergency/", {"emergency": "yes"}, follow=True)
    assert "Another admin has to say" in text(mine)
    browser(stage, "colleague").post(f"{people}{stage.admin.pk}/emergency/", {"emergency": "yes"})
    assert Membership.objects.get(person=stage.admin).emergency
    assert "Emergency person" in text(browser(stage, "admin").get(people))
    change = stage.approved()
    execution.carry_out(change.pk)
    assert "break the glass" not in page(stage, "colleague", change)
    assert "a freeze holds everything of this account" in page(stage, "admin", change)
    told = text(post(stage, "admin", change, "break-glass/", digest=change.digest, reason="A wrong price."))
    assert "The glass is broken, and it is sent now." in told
    assert stage.carried_out(change).status == "done"
    for who in ROLES:
        told = text(browser(stage, who).get(f"/a/{stage.account.pk}/"))
        assert "broke the glass" in told
    inbox = page(stage, "colleague", rest="")
    assert "To look at afterwards" in inbox
    assert "Close the review" not in page(stage, "admin", change)
    told = text(post(stage, "colleague", change, "close-review/", finding="It was right."))
    assert "The review is closed." in told
    assert "It was right." in told
    assert "Somebody else still has to look at it" not in text(browser(stage, "viewer").get(f"/a/{stage.account.pk}/"))


def test_what_failed_is_tried_again_by_one_click(stage: Stage) -> None:
    change = planned(stage, 3)
    Change.objects.filter(pk=change.pk).update(status="failed")
    change.steps.update(status="failed")
    assert "Try all that failed again" in page(stage, "admin", change)
    assert "What failed is tried again." in text(post(stage, "admin", change, "retry/"))
    assert stage.carried_out(change).status == "done"


def test_strangers_get_nothing(stage: Stage) -> None:
    change = planned(stage, 2)
    for path in (f"changes/{change.pk}/plan/", "freezes/"):
        assert Client().get(f"/a/{stage.account.pk}/{path}").status_code == 302


def test_a_request_says_what_it_takes_from_an_earlier_answer(stage: Stage) -> None:
    change = stage.proposed(making())
    told = page(stage, "admin", change)
    assert "Takes the id from the answer to request 1, for its address and its body." in told
    assert "/api/lists/{/data/id of request 1}" in told
    review.approve(stage.admin, change, change.digest)
    stage.carried_out(change)
    made = stage.writes()[1]["path"]
    assert f"PATCH {made}" in page(stage, "admin", change)


def test_a_scheduled_change_says_so_on_its_badge(stage: Stage) -> None:
    change = planned(stage, 2, at=timezone.now() + HOUR)
    assert "Scheduled" in page(stage, "viewer", change)


def test_an_import_is_planned_like_any_other_change(stage: Stage) -> None:
    client, upload = browser(stage, "marketer"), checked(stage)
    url = f"/a/{stage.account.pk}/imports/{upload.pk}/"
    assert "When and how it is sent" in text(client.get(url))
    plan = {"why-reason": "Before the fair.", "why-when": "at", "why-at": "2031-02-03T06:00"}
    assert client.post(f"{url}propose/", {**plan, "why-at": ""}).status_code == 422
    told = text(client.post(f"{url}propose/", plan, follow=True))
    assert "On Monday 3 February 2031, 06:00 UTC" in told


def test_the_audit_has_words_for_what_happens_while_a_change_runs() -> None:
    acts = ("change.paused", "change.cancelled", "change.rescheduled", "change.expired", "freeze.set", "freeze.lifted")
    assert set(ACTIONS) >= {*acts, "glass.broken", "glass.reviewed", "role.emergency"}


def test_evidence_tells_of_the_plan_and_of_the_broken_glass(stage: Stage) -> None:
    freeze(stage)
    Membership.objects.filter(person=stage.admin).update(emergency=True)
    change = planned(stage, 2, at=timezone.now() + HOUR)
    emergency.break_glass(stage.admin, change, change.digest, "A wrong price.")
    stage.carried_out(change)
    told = text(browser(stage, "auditor").get(f"/a/{stage.account.pk}/changes/{change.pk}/evidence/"))
    assert "Broken glass" in told
    assert "A wrong price. Nobody has looked at it since." in told
    assert "not earlier, and not if it would be late by more than an hour." in told


def test_what_klaviyo_did_not_like_stands_beside_the_request_by_the_name_of_the_value(stage: Stage) -> None:
    person = next(iter(api.reader(stage.account).page("get_profiles").items))
    change = stage.carried_out(stage.approved(stage.editing(person, {"phone_number": "12"})))
    assert change.status == "failed"
    for who in ("admin", "auditor", "viewer"):
        assert "<strong>Phone number</strong>: Invalid phone number" in page(stage, who, change)
    Step.objects.update(problems={"problems": [{"pointer": "/data/id", "detail": "", "title": "No such id."}]})
    assert "<strong>Id</strong>: No such id." in page(stage, "admin", change)
