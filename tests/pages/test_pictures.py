"""Pictures on the screen: the browser fetches them from where they lie, and from nowhere else."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from klaviyo_admin.changes.models import Change
from klaviyo_admin.pages.middleware import POLICY
from klaviyo_admin.pages.templatetags.pictures import origin
from tests.pages.answers.images import PIXEL
from tests.pages.conftest import Shop


def test_only_pages_with_pictures_may_load_them_and_only_from_their_host(shop: Shop) -> None:
    browser = shop.browser("viewer")
    page = browser.get(shop.url("images/"))
    drawn = re.findall(r'<img src="([^"]+)"', page.content.decode())
    assert len(drawn) > 10
    host = origin(drawn[0])
    assert page["Content-Security-Policy"] == POLICY.replace("img-src 'self'", f"img-src 'self' {host}")
    assert browser.get(shop.url("templates/"))["Content-Security-Policy"] == POLICY


def test_a_picture_can_be_opened_and_ticked(shop: Shop) -> None:
    one = shop.read("/api/images?page[size]=1")["data"][0]
    browser = shop.browser("marketer")
    assert f'name="id" value="{one["id"]}"' in browser.get(shop.url("images/?sort=name&size=100")).content.decode()
    page = browser.get(shop.url(f"images/{one['id']}/")).content.decode()
    assert f'alt="{one["attributes"]["name"]}"' in page


@pytest.mark.parametrize(
    "address",
    ["", "javascript:alert(1)", "//cdn.example.com/a.png", "https://a b/c.png", "https://x;script-src/ *", "http://["],
)
def test_an_address_that_is_none_is_not_let_into_the_policy(address: str) -> None:
    assert origin(address) == ""


def test_the_origin_of_an_address_is_its_scheme_host_and_port() -> None:
    assert origin("https://cdn.example.com/a/b.png?x=1") == "https://cdn.example.com"
    assert origin("http://127.0.0.1:8765/pictures/1/2.png") == "http://127.0.0.1:8765"


def test_the_grid_tells_the_columns_that_a_person_wants(shop: Shop) -> None:
    browser = shop.browser("viewer")
    page = browser.get(shop.url("images/")).content.decode()
    assert re.search(r'<span class="quiet">PNG</span><span class="quiet">\d+ bytes</span>', page)
    browser.post(shop.url("images/columns/"), {"columns": ["id"]})
    page = browser.get(shop.url("images/")).content.decode()
    assert '<span class="quiet">PNG</span>' not in page
    assert page.count('<span class="quiet"><span class="id">') > 10


def test_pictures_that_are_too_much_together_are_refused_with_that_reason(shop: Shop) -> None:
    files = [SimpleUploadedFile(f"{n}.gif", PIXEL + bytes(26 * 1024 * 1024)) for n in range(2)]
    answer = shop.browser().post(shop.url("images/act/upload/"), {"pictures": files, "why-reason": "New"})
    page = " ".join(answer.content.decode().split())
    assert "more than 50 MB in all, so none of its files came through" in page
    assert "This field is required" not in page


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("drawing.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
        ("page.png", b"<html><script>alert(1)</script></html>"),
        ("photo.jpg", b"RIFF\x00\x00\x00\x00WEBP"),
    ],
)
def test_a_file_that_only_calls_itself_a_picture_is_no_picture(shop: Shop, name: str, content: bytes) -> None:
    typed = {"pictures": [SimpleUploadedFile(name, content)], "why-reason": "New"}
    page = shop.browser().post(shop.url("images/act/upload/"), typed).content.decode()
    assert f"“{name}” is no JPEG, PNG or GIF" in page
    assert not Change.objects.exists()
