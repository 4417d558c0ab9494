import re
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from klaviyo_admin import api
from klaviyo_admin.areas.profiles import service as profiles
from klaviyo_admin.audit import log
from klaviyo_admin.audit.models import Entry
from klaviyo_admin.changes import execution, review
from klaviyo_admin.changes.models import Change
from tests.accounts import given
from tests.conftest import drop_audit_triggers
from tests.pages.conftest import Shop

pytestmark = pytest.mark.django_db


def lines(count: int, account: Any = None, **more: Any) -> None:
    with transaction.atomic():
        for number in range(count):
            log.record("login", sentence=f"Sign-in number {number:03}.", account=account, **more)


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


@pytest.mark.parametrize(("role", "status"), [("viewer", 403), ("marketer", 403), ("admin", 200), ("auditor", 200)])
def test_admins_and_auditors_read_the_log(shop: Shop, role: str, status: int) -> None:
    assert shop.browser(role).get(shop.url("audit/")).status_code == status


def test_the_log_of_one_account_does_not_show_that_of_another(shop: Shop) -> None:
    lines(1, given.account("Harbour Coffee", "SBXHC2"))
    assert "Sign-in number" not in text(shop.browser("auditor").get(shop.url("audit/")))


def test_lines_come_newest_first_in_pages_that_new_lines_do_not_move(shop: Shop) -> None:
    browser = shop.browser("auditor")
    lines(120, shop.account)
    page = text(browser.get(shop.url("audit/"), {"person": "system"}))
    assert page.index("number 119") < page.index("number 070")
    assert "number 069" not in page
    more = re.search(r'rel="next" href="([^"]+)"', page)
    assert more
    lines(5, shop.account)
    second = text(browser.get(shop.url("audit/") + more[1].replace("&amp;", "&")))
    assert "number 069" in second
    assert "number 070" not in second


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"words": "café émile"}, 1),
        ({"words": "CAFÉ nothing"}, 0),
        ({"person": "mara"}, 1),
        ({"action": "role.given"}, 1),
        ({"action": "change"}, 1),
        ({"object": "L7"}, 1),
        ({"object": "spring"}, 1),
        ({"operation": "update_list"}, 1),
        ({"area": "lists"}, 1),
        ({"area": "tags"}, 0),
        ({"change": "77", "words": "x"}, None),
        ({"since": "2020-01-01", "until": "2020-01-02"}, 0),
        ({"since": "2020-01-01"}, 4),
        ({}, 4),
    ],
)
def test_every_condition_narrows_the_search(shop: Shop, asked: dict[str, str], expected: int | None) -> None:
    browser, mara = shop.browser("auditor"), given.person()
    with transaction.atomic():
        log.record("upload.received", sentence="One file.", account=shop.account, detail={"comment": "Café für Émile"})
        log.record("role.given", sentence="A role.", account=shop.account, person=mara)
        log.record("change.proposed", sentence="Rename.", account=shop.account, object=("list", "L7", "Spring sale"))
        log.record("step.sent", sentence="Leaves.", account=shop.account, operation="update_list")
    answer = browser.get(shop.url("audit/"), asked)
    if expected is None:
        assert answer.status_code == 404
        return
    shown = [line.entry for line in answer.context["lines"] if line.entry.action != "login"]
    assert len(shown) == expected


def test_nonsense_in_the_address_is_marked_and_breaks_nothing(shop: Shop) -> None:
    browser = shop.browser("auditor")
    for asked in ({"change": "x"}, {"since": "soon"}, {"action": "fly"}, {"change": "9" * 30}):
        assert browser.get(shop.url("audit/"), asked).status_code == 422, asked
    assert browser.get(shop.url("audit/"), {"before": "9" * 40}).status_code == 200
    assert browser.get(shop.url("audit/"), {"before": "-1 OR 1=1"}).status_code == 200


def test_the_links_to_the_export_keep_the_conditions(shop: Shop) -> None:
    page = (
        shop.browser("auditor").get(shop.url("audit/"), {"words": "a&b", "person": "", "before": "9"}).content.decode()
    )
    assert shop.url("audit/export/") + "?words=a%26b&amp;format=csv" in page
    assert shop.url("audit/export/") + "?words=a%26b&amp;format=jsonl" in page


def test_the_page_says_whether_the_chain_holds(shop: Shop) -> None:
    browser = shop.browser("auditor")
    lines(3, shop.account)
    assert "The chain holds: all" in text(browser.get(shop.url("audit/")))


@pytest.mark.django_db(transaction=True)
def test_the_page_says_when_the_chain_is_broken(shop: Shop) -> None:
    browser = shop.browser("auditor")
    lines(3, shop.account)
    drop_audit_triggers()
    super(type(Entry.objects.all()), Entry.objects.filter(sentence__contains="001")).update(sentence="Nothing.")
    page = text(browser.get(shop.url("audit/")))
    assert "The chain of this log is broken" in page
    assert "was changed after it was written" in page


def test_one_change_is_told_whole(shop: Shop) -> None:
    browser = shop.browser("auditor")
    item = api.reader(shop.account).item("get_profile", {"id": shop.profiles(1)[0]["id"]})
    intent = profiles.edit([item], {"first_name": "Zoë", "last_name": item.get("last_name")})
    marketer, admin = (shop.people[r] for r in ("marketer", "admin") if shop.browser(r))
    change = review.propose(marketer, shop.account, intent, "She asked us to.")
    before = text(browser.get(shop.url("audit/"), {"change": change.pk}))
    assert "Nobody has decided on it." in before
    review.approve(admin, change, change.digest, "Checked with her.")
    execution.carry_out(change.pk)
    assert Change.objects.get(pk=change.pk).status == "done"
    story = text(browser.get(shop.url("audit/"), {"change": change.pk}))
    for said in (
        marketer.name,
        "She asked us to.",
        admin.name,
        "Checked with her.",
        "Update Profile",
        "What came back",
    ):
        assert said.lower() in story.lower(), said
    assert f"<td>{item.get('first_name')}</td><td>Zoë</td>" in story
    assert item.get("email") not in str(list(Entry.objects.values()))


def test_a_story_whose_sealing_key_is_lost_still_tells_who_and_when(shop: Shop, settings: Any) -> None:
    browser = shop.browser("auditor")
    item = api.reader(shop.account).item("get_profile", {"id": shop.profiles(1)[0]["id"]})
    shop.browser("marketer")
    change = review.propose(
        shop.people["marketer"], shop.account, profiles.edit([item], {"first_name": "Zoë"}), "She asked us to."
    )
    settings.SEALING_KEYS = ["b" * 43 + "="]
    story = text(browser.get(shop.url("audit/"), {"change": change.pk}))
    assert "She asked us to." in story
    assert "can no longer be read" in story
    assert "Zoë" not in story


def test_a_change_of_another_account_has_no_story_here(shop: Shop) -> None:
    other = given.account("Harbour Coffee", "SBXHC2")
    change = Change.objects.create(
        account=other, action="x", sentence="x", reason="x", author=given.member(other, "marketer", "Otto")
    )
    assert shop.browser("auditor").get(shop.url("audit/"), {"change": change.pk}).status_code == 404


def test_text_from_outside_stays_text(shop: Shop) -> None:
    with transaction.atomic():
        log.record(
            "change.proposed",
            sentence="<script>alert(1)</script>",
            account=shop.account,
            object=("list", "<b>", "<img src=x>"),
            detail={"<i>": "<u>", "fields": [{"field": "Name", "before": "<a>", "after": None}]},
        )
    page = shop.browser("auditor").get(shop.url("audit/")).content.decode()
    for raw in ("<script>alert", "<img src=x>", "<i>", "<u>", "<a>"):
        assert raw not in page
    assert "&lt;a&gt; → empty" in page


def test_a_stranger_is_sent_to_the_login(shop: Shop) -> None:
    assert Client().get(shop.url("audit/")).headers["Location"].startswith("/login/")
