"""The pages of an import, step by step, for those who may see them."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from klaviyo_admin.audit.models import Entry
from klaviyo_admin.changes import review
from klaviyo_admin.changes.models import Change
from klaviyo_admin.imports import journey, storing, tasks
from klaviyo_admin.imports.models import Piece, Upload
from tests.accounts import given
from tests.pages.conftest import Shop

PEOPLE = (
    "Email,Phone Number,First Name,Points,Fax\n"
    "ann@example.com,+12125550190,Ann,12,\n"
    "bob.example.com,,=1+1,3,\n"
    "carl@example.com,2125550191,Carl,x,\n"
)


def sent(browser: Client, shop: Shop, data: bytes | str = PEOPLE, name: str = "people.csv") -> HttpResponse:
    content = data.encode() if isinstance(data, str) else data
    return browser.post(shop.url("imports/new/"), {"file": SimpleUploadedFile(name, content)})


def analysed(browser: Client, shop: Shop, data: bytes | str = PEOPLE) -> Upload:
    sent(browser, shop, data)
    upload = Upload.objects.latest("pk")
    tasks.analyse(upload.pk)
    return upload


def answers(browser: Client, shop: Shop, upload: Upload) -> dict[str, str]:
    form = browser.get(shop.url(f"imports/{upload.pk}/columns/")).context["form"]
    return {name: form[name].value() or "" for name in form.fields}


def checked(browser: Client, shop: Shop, data: bytes | str = PEOPLE, **more: str) -> Upload:
    upload = analysed(browser, shop, data)
    browser.post(shop.url(f"imports/{upload.pk}/columns/"), answers(browser, shop, upload) | more)
    tasks.check(upload.pk)
    return Upload.objects.get(pk=upload.pk)


def text(answer: HttpResponse) -> str:
    return answer.content.decode()


def test_those_who_may_not_propose_see_no_import(shop: Shop) -> None:
    upload = analysed(shop.browser("marketer"), shop)
    rest = ["", "new/", f"{upload.pk}/", f"{upload.pk}/columns/", f"{upload.pk}/lists/", f"{upload.pk}/rejected.csv"]
    for role in ("viewer", "auditor"):
        assert sent(shop.browser(role), shop).status_code == 403
        for part in rest:
            assert shop.browser(role).get(shop.url(f"imports/{part}")).status_code == 403, part


def test_an_upload_exists_only_inside_its_account(shop: Shop) -> None:
    upload = analysed(shop.browser(), shop)
    other = given.account("Harbour Coffee", "SBXHC2", "pk_sandbox_harbour")
    stranger = Client()
    stranger.force_login(given.member(other, "admin", "Hella Harbour"))
    assert stranger.get(shop.url(f"imports/{upload.pk}/")).status_code == 404
    assert stranger.get(f"/a/{other.pk}/imports/{upload.pk}/").status_code == 404
    assert "people.csv" not in text(stranger.get(f"/a/{other.pk}/imports/"))


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n" + bytes(90), b"PK\x03\x04xl/workbook.xml", b"", b'{"a": 1}'])
def test_what_is_no_csv_is_refused_at_once_with_one_sentence(shop: Shop, data: bytes) -> None:
    answer = sent(shop.browser(), shop, data, "photo.png")
    assert answer.status_code == 422
    (sentence,) = answer.context["form"].errors["file"]
    assert "photo.png" in sentence
    assert sentence.count(".") - sentence.count(".png") == 1
    assert not Upload.objects.exists()


def test_a_file_beyond_the_ceiling_is_refused_without_being_kept(shop: Shop) -> None:
    answer = sent(shop.browser(), shop, b"Email\n" + b"x" * (51 * 1024 * 1024), "big.csv")
    assert answer.status_code == 422
    (sentence,) = answer.context["form"].errors["file"]
    assert "the limit is 50 MB" in sentence
    assert not Upload.objects.exists()


def test_no_file_is_said_so(shop: Shop) -> None:
    answer = shop.browser().post(shop.url("imports/new/"), {})
    assert answer.context["form"].errors["file"] == ["Choose a CSV file."]


def test_the_page_waits_for_the_worker_and_then_goes_on(shop: Shop) -> None:
    browser = shop.browser()
    place = sent(browser, shop)["Location"]
    waiting = text(browser.get(place))
    assert f'hx-get="{place}progress/"' in waiting
    assert "HX-Refresh" not in browser.get(f"{place}progress/")
    tasks.analyse(Upload.objects.get().pk)
    assert browser.get(f"{place}progress/")["HX-Refresh"] == "true"
    assert browser.get(place)["Location"] == f"{place}columns/"


def test_a_file_that_turns_out_unreadable_says_why_and_leaves_nothing(shop: Shop) -> None:
    browser = shop.browser()
    upload = analysed(browser, shop, "ann@example.com,Ann\nbob@example.com,Bob\n")
    shown = text(browser.get(shop.url(f"imports/{upload.pk}/")))
    assert "looks like a person" in shown
    assert not Piece.objects.exists()


def test_the_columns_come_with_samples_and_a_guess(shop: Shop) -> None:
    browser = shop.browser()
    upload = analysed(browser, shop, PEOPLE.replace(",", ";").replace("Ann", "Zoë").encode("cp1252"))
    shown = text(browser.get(shop.url(f"imports/{upload.pk}/columns/")))
    for words in ("ann@example.com", "Read as Windows-1252", "separated by a semicolon", "The column is empty."):
        assert words in shown
    found = answers(browser, shop, upload)
    assert (found["target0"], found["target2"], found["target3"], found["target4"]) == (
        "email",
        "first_name",
        "property",
        "",
    )


def test_two_columns_to_one_target_are_refused_with_both_names_and_answers_kept(shop: Shop) -> None:
    browser = shop.browser()
    upload = analysed(browser, shop)
    given_ = answers(browser, shop, upload) | {"target2": "email", "country": "SE"}
    answer = browser.post(shop.url(f"imports/{upload.pk}/columns/"), given_)
    assert answer.status_code == 422
    assert "“Email” and “First Name” both go to Email" in text(answer)
    assert '<option value="SE" selected>' in text(answer)
    assert Upload.objects.get().status == "analysed"


def test_a_list_is_found_by_a_part_of_its_name_and_its_name_is_kept(shop: Shop) -> None:
    browser = shop.browser()
    upload = analysed(browser, shop)
    wanted = shop.lists()[0]
    name, url = wanted["attributes"]["name"], shop.url(f"imports/{upload.pk}/")
    part = browser.get(f"{url}lists/", {"words": name[1:5].upper()}, headers={"HX-Request": "true"})
    assert name in text(part)
    assert "<html" not in text(part)
    looked = browser.post(f"{url}columns/", answers(browser, shop, upload) | {"find": "lists", "words": "zzz"})
    assert looked.status_code == 200
    assert "No list has “zzz”" in text(looked)
    browser.post(f"{url}columns/", answers(browser, shop, upload) | {"list": wanted["id"]})
    upload.refresh_from_db()
    assert (upload.list_id, upload.list_name) == (wanted["id"], name)
    unknown = browser.post(f"{url}columns/", answers(browser, shop, upload) | {"list": "NOPE01"})
    assert unknown.status_code == 422


def test_without_klaviyo_an_import_into_no_list_still_works(shop: Shop) -> None:
    browser = shop.browser()
    upload = analysed(browser, shop)
    shop.klaviyo.fault("get_lists", "error_before", status=500)
    shown = browser.get(shop.url(f"imports/{upload.pk}/columns/"))
    assert shown.status_code == 200
    assert "cannot be reached" in text(shown)
    assert checked(browser, shop).status == "checked"


def test_the_preview_counts_shows_and_lists(shop: Shop) -> None:
    browser = shop.browser()
    upload = checked(browser, shop, kind3="number")
    shown = text(browser.get(shop.url(f"imports/{upload.pk}/")))
    assert (upload.good, upload.listed) == (1, 2)
    assert "+12125550190" in shown
    for words in ("The e-mail address has no @.", "This is not a number.", "The number has no country code."):
        assert words in shown


def test_problems_are_paged(shop: Shop) -> None:
    browser = shop.browser()
    upload = checked(browser, shop, "Email\n" + "".join(f"nobody{n}\n" for n in range(450)) + "ann@example.com\n")
    url = shop.url(f"imports/{upload.pk}/")
    assert "nobody49<" in text(browser.get(url))
    assert "nobody50<" not in text(browser.get(url))
    assert "nobody449<" in text(browser.get(url + "?page=9"))
    for odd in ("0", "-1", "x", "99999999999", "10"):
        assert browser.get(url, {"page": odd}).status_code == 200


def test_a_proposal_needs_a_reason_and_leads_to_its_change(shop: Shop) -> None:
    browser = shop.browser()
    upload = checked(browser, shop)
    url = shop.url(f"imports/{upload.pk}/")
    assert browser.post(url + "propose/", {"why-reason": " "}).status_code == 422
    assert browser.get(url + "propose/").status_code == 405
    answer = browser.post(url + "propose/", {"why-reason": "The fair in May."})
    change = Change.objects.get()
    assert answer["Location"] == shop.url(f"changes/{change.pk}/")
    assert change.details["Rows left out because of problems"] == upload.listed
    assert "Waiting for approval" in text(browser.get(url))
    assert browser.post(url + "propose/", {"why-reason": "Again."})["Location"] == url
    assert Change.objects.count() == 1


def test_rows_of_a_rejected_change_end_as_not_sent(shop: Shop) -> None:
    browser = shop.browser()
    upload = checked(browser, shop)
    change = journey.propose(shop.people["marketer"], upload, "The fair in May.")
    shop.browser("admin")
    review.reject(shop.people["admin"], change, "Not these.")
    shown = browser.get(shop.url(f"imports/{upload.pk}/"))
    assert (shown.context["tally"].not_sent, shown.context["tally"].listed) == (1, 2)
    assert "It was not sent: the change is rejected." in text(shown)


def test_rejected_rows_leave_safe_for_a_spreadsheet_and_come_back_as_they_were(shop: Shop) -> None:
    browser = shop.browser()
    upload = checked(browser, shop, PEOPLE.replace("2125550191", "+1212"))
    answer = browser.get(shop.url(f"imports/{upload.pk}/rejected.csv"))
    data = b"".join(answer.streaming_content)
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert rows[0] == ["Line", "Problem", "Remedy", "Email", "Phone Number", "First Name", "Points", "Fax"]
    assert rows[1][0] == "3"
    assert rows[1][1] == "Email: The e-mail address has no @."
    assert rows[1][5] == "'=1+1"
    corrected = data.replace(b"bob.example.com", b"bob@example.com").replace(b"+1212,", b"+12125550191,")
    again = checked(browser, shop, corrected)
    assert (again.good, again.listed) == (2, 0)
    first, second = storing.first_profiles(again, 2)
    assert first["attributes"]["first_name"] == "=1+1"
    assert second["attributes"]["phone_number"] == "+12125550191"
    assert "Line" not in second["attributes"]["properties"]


def test_the_list_of_imports_shows_where_each_is(shop: Shop) -> None:
    browser = shop.browser()
    assert "No file was uploaded yet." in text(browser.get(shop.url("imports/")))
    upload = checked(browser, shop)
    shown = text(browser.get(shop.url("imports/")))
    assert "Ready to propose" in shown
    journey.propose(shop.people["marketer"], upload, "The fair in May.")
    assert "Waiting for approval" in text(browser.get(shop.url("imports/")))


def test_a_name_that_is_html_stays_text(shop: Shop) -> None:
    browser = shop.browser()
    sent(browser, shop, name="<img src=x onerror=alert(1)>.csv")
    assert "<img src=x" not in text(browser.get(shop.url("imports/")))


def test_uploading_is_on_record(shop: Shop) -> None:
    sent(shop.browser(), shop)
    assert Entry.objects.filter(action="upload.received", account_id=shop.account.pk).count() == 1
