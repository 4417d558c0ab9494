"""The bad lines of a pasted table as a file in the page: everything in it, or how many are not."""

import base64
import csv
import io
import re

import pytest

from tests.pages.conftest import Shop

pytestmark = pytest.mark.django_db
FILE = re.compile(r'href="data:text/csv;charset=utf-8;base64,([^"]+)" download="lines-not-used\.csv"')


def posted(shop: Shop, text: str, action: str = "suppress-rows") -> str:
    answer = shop.browser().post(shop.url(f"profiles/act/{action}/"), {"people": text, "why-reason": "They asked"})
    assert answer.status_code == 422
    return str(answer.content.decode())


def lines(page: str) -> list[list[str]]:
    found = FILE.search(page)
    assert found
    return list(csv.reader(io.StringIO(base64.b64decode(found[1]).decode("utf-8-sig"), newline="")))


def test_bad_lines_can_be_taken_away_with_what_is_wrong_in_front(shop: Shop) -> None:
    page = posted(shop, "E-mail\nrobin@example.com\n=no@\n")
    assert lines(page)[1:] == [["3", *lines(page)[1][1:3], "'=no@"]]
    assert "had no room" not in page


def test_people_whom_klaviyo_does_not_know_are_in_the_file_too(shop: Shop) -> None:
    known = shop.profiles(1)[0]["attributes"]["email"]
    browser, url = shop.browser(), shop.url(f"lists/act/add-people/?id={shop.lists()[0]['id']}")
    answer = browser.post(url, {"people": f"{known}, nobody@example.com, +1 212 555 0199", "why-reason": "They asked"})
    file = lines(answer.content.decode())
    assert [(line[1], *line[3:5]) for line in file[1:]] == [
        ("E-mail: No profile has this.", "nobody@example.com", ""),
        ("Phone: No profile has this.", "", "'+1 212 555 0199"),
    ]


@pytest.mark.parametrize(("line", "number", "kept"), [("bad", 5_123, 5_000), ("x" * 1_000, 1_000, 915)])
def test_a_file_with_too_many_lines_says_how_many_are_missing(shop: Shop, line: str, number: int, kept: int) -> None:
    page = posted(shop, "E-mail\n" + f"{line}\n" * number)
    assert len(lines(page)) == 1 + kept
    assert re.search(rf'The last <span class="figure">{number - kept:,}</span> of these', page)
    assert len(page) < 3_500_000


def test_a_good_table_has_no_such_file(shop: Shop) -> None:
    answer = shop.browser().post(shop.url("profiles/act/suppress-rows/"), {"people": "robin@example.com"})
    assert not FILE.search(answer.content.decode())
