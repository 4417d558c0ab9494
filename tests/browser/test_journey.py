"""The journey of one write, in real browsers over real HTTP: web server, worker and sandbox are processes of their own."""

import csv
import io
import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Demo, SignIn
from tests.browser.steps import approve, go, propose, saved

pytestmark = pytest.mark.browser


def first_profile(page: Page, demo: Demo) -> str:
    go(page, demo, "profiles")
    page.locator("#list tbody a").first.click()
    page.wait_for_url(re.compile(r"/profiles/[0-9A-Z]{26}/"))
    return page.url


def test_a_marketer_finds_sorts_and_pages_profiles(demo: Demo, sign_in: SignIn) -> None:
    page = sign_in("Marketer")
    go(page, demo, "profiles")
    email = page.locator("#list tbody tr").nth(2).get_by_text("@example").inner_text()
    page.get_by_label("Search profiles").fill(email)
    page.get_by_role("button", name="Search").click()
    expect(page.locator("#list tbody tr")).to_have_count(1)
    expect(page.locator("#list")).to_contain_text(email)

    go(page, demo, "profiles")
    page.get_by_role("link", name=re.compile("E-mail")).click()
    expect(page.locator("th[aria-sort=ascending]")).to_contain_text("E-mail")
    first = page.locator("#list tbody tr").first.inner_text()
    page.get_by_role("link", name="Next").click()
    expect(page.locator("#list tbody tr").first).not_to_have_text(first)
    expect(page.get_by_role("link", name="First", exact=True)).to_be_visible()


def test_a_profile_shows_facts_lists_segments_and_events_side_by_side(demo: Demo, sign_in: SignIn) -> None:
    page = sign_in("Auditor")
    first_profile(page, demo)
    for heading in ("Facts", "Timeline", "Lists", "Segments"):
        expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Edit")).to_have_count(0)


def test_an_edit_is_proposed_approved_sent_and_on_record(demo: Demo, sign_in: SignIn, tmp_path: Path) -> None:
    marketer, admin, auditor = sign_in("Marketer"), sign_in("Admin"), sign_in("Auditor")
    profile = first_profile(marketer, demo)
    marketer.get_by_role("link", name="Edit").click()
    marketer.get_by_label("First name").fill("Wilhelmina-Constance")
    marketer.get_by_label("Name of a new property").first.fill("Shoe size")
    marketer.get_by_label("Value of the new property").first.fill("38.5")
    marketer.get_by_label("Kind of the new property").first.select_option("number")
    change = propose(marketer, "She told us on the phone")
    expect(marketer.get_by_role("button", name="Approve and send")).to_have_count(0)
    expect(marketer.get_by_role("button", name="Withdraw")).to_be_visible()

    go(admin, demo, "changes")
    admin.get_by_role("link", name=re.compile("First name")).first.click()
    expect(admin.get_by_text("She told us on the phone")).to_be_visible()
    expect(admin.get_by_text("Mara Lindqvist").first).to_be_visible()
    expect(admin.locator("main")).to_contain_text("Wilhelmina-Constance")
    expect(admin.locator("main")).to_contain_text("PATCH")
    approve(admin, change)

    marketer.goto(profile)
    expect(marketer.locator("h1")).to_contain_text("Wilhelmina-Constance")
    expect(marketer.locator("main")).to_contain_text("38.5")

    number = re.findall(r"/changes/(\d+)/", change)[0]
    auditor.goto(f"{demo.address}/a/1/audit/?change={number}")
    for words in ("Mara Lindqvist", "Adrian Castellanos-Whitfield", "update_profile", "Wilhelmina-Constance"):
        expect(auditor.locator("main")).to_contain_text(words)
    with auditor.expect_download() as exported:
        auditor.get_by_role("link", name="Export JSONL").click()
    told = [json.loads(line) for line in saved(exported.value, tmp_path).splitlines()]
    lines = [line for line in told if "action" in line]  # beside them stand the checkpoints that sign them
    assert {"change.proposed", "change.approved", "step.sent", "step.done", "change.ended"} <= {
        x["action"] for x in lines
    }
    assert {x["change_id"] for x in lines} == {int(number)}
    assert "Wilhelmina" not in json.dumps(lines), "the audit keeps no personal data"
    with auditor.expect_download() as exported:
        auditor.get_by_role("link", name="Export CSV").click()
    table = csv.DictReader(io.StringIO(saved(exported.value, tmp_path)))
    assert len([row for row in table if row["id"]]) == len(lines)


def test_a_rename_is_rejected_with_a_comment_and_nothing_leaves(demo: Demo, sign_in: SignIn) -> None:
    marketer, admin = sign_in("Marketer"), sign_in("Admin")
    go(marketer, demo, "lists")
    marketer.locator("#list tbody a").first.click()
    name = marketer.locator("h1").inner_text()
    marketer.get_by_role("link", name="Rename or edit").click()
    marketer.get_by_label("Name").fill("Renamed by mistake")
    change = propose(marketer, "Tidying up")

    admin.goto(change)
    admin.get_by_role("button", name="Reject").click()
    expect(admin.locator("main")).to_contain_text("Say why you reject it")
    admin.get_by_role("textbox", name="Comment (needed to reject").fill("We agreed to keep this name.")
    admin.get_by_role("button", name="Reject").click()
    expect(admin.get_by_text("Rejected").first).to_be_visible()

    marketer.goto(change)
    expect(marketer.get_by_text("We agreed to keep this name.")).to_be_visible()
    go(marketer, demo, "lists")
    expect(marketer.locator("#list")).to_contain_text(name)


PEOPLE = """Email,First Name,Last Name,Phone Number,Klaviyo ID,Favourite tree,
nadia@example.com,Nadia,"Novák, PhD",+12125550177,,Larch,
not-an-address,Bo,Bad,,,Oak,
omar@example.com,"Omar
Two Lines",Said,+12125550178,,Willow,
nadia@example.com,Nadia,Again,,,Elm,
"""


def test_a_file_of_profiles_goes_in_row_by_row(demo: Demo, sign_in: SignIn, tmp_path: Path) -> None:
    file = tmp_path / "spring fair.csv"
    file.write_bytes(b"\xef\xbb\xbf" + PEOPLE.encode())
    marketer, admin = sign_in("Marketer"), sign_in("Admin")
    go(marketer, demo, "imports/new")
    marketer.get_by_label("CSV file").set_input_files(file)
    marketer.get_by_role("button", name="Upload").click()
    marketer.get_by_role("button", name="Check the rows").click()
    expect(marketer.locator("main")).to_contain_text("not-an-address")
    for words in ("nadia@example.com", "omar@example.com", "Larch"):
        expect(marketer.locator("main")).to_contain_text(words)
    change = propose(marketer, "People who signed up at the spring fair")

    approve(admin, change)
    go(marketer, demo, "profiles")
    marketer.get_by_label("Search profiles").fill("omar@example.com")
    marketer.get_by_role("button", name="Search").click()
    expect(marketer.locator("#list tbody tr")).to_have_count(1)

    go(marketer, demo, "imports")
    marketer.get_by_role("link", name="spring fair.csv").click()
    expect(marketer.locator("main")).to_contain_text("not-an-address")
    with marketer.expect_download() as rejected:
        marketer.get_by_role("link", name=re.compile("Download")).click()
    rows = list(csv.DictReader(io.StringIO(saved(rejected.value, tmp_path))))
    assert len(rows) == 2, rows


def test_a_file_that_is_no_csv_is_refused_in_one_sentence(demo: Demo, sign_in: SignIn, tmp_path: Path) -> None:
    picture = tmp_path / "people.csv"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    page = sign_in("Marketer")
    go(page, demo, "imports/new")
    page.get_by_label("CSV file").set_input_files(picture)
    page.get_by_role("button", name="Upload").click()
    expect(page.locator("main")).to_contain_text("picture")


def test_one_property_is_set_on_a_selection_as_one_change(demo: Demo, sign_in: SignIn) -> None:
    marketer, admin = sign_in("Marketer"), sign_in("Admin")
    go(marketer, demo, "profiles")
    for row in range(3, 7):
        marketer.locator("#list tbody input[type=checkbox]").nth(row).check()
    marketer.get_by_role("button", name="Set a property").click()
    marketer.get_by_label(re.compile("^Property")).fill("Wave")
    marketer.get_by_label(re.compile("^Value")).fill("autumn")
    change = propose(marketer, "Autumn campaign")
    expect(marketer.locator("h1")).to_contain_text("Set the property “Wave” on 4 profiles.")
    approve(admin, change)
    expect(admin.locator("main")).to_contain_text("All 4 requests were carried out.")
