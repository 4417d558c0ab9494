"""What holds on every page: who gets in, what the browser is told, no inline code, the light and the frame."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.views.defaults import bad_request, server_error

from klaviyo_admin.pages.middleware import POLICY, zone_named
from tests.accounts import given
from tests.pages.conftest import Shop

ROOT = Path(__file__).resolve().parent.parent.parent
OPEN = {"login", "theme"}  # what a stranger may ask for
OWN_KEY = {"welcome"}  # a one-time link in the address is the way in
SAMPLE = {"account": 1, "key": "profiles", "action": "edit", "id": "01HGPEC94D4WVPVJX8QRGJFWGK"}


def addresses(patterns: list[URLPattern | URLResolver] | None = None) -> Iterator[tuple[str, str]]:
    """Every named address of the dashboard with something in its gaps, as (name, path)."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns)
        elif pattern.name:
            gaps = {gap: SAMPLE.get(gap, filler(converter)) for gap, converter in pattern.pattern.converters.items()}
            yield pattern.name, reverse(pattern.name, kwargs=gaps)


def filler(converter: object) -> object:
    return 1 if "Int" in type(converter).__name__ else "x"


@pytest.mark.django_db
def test_a_stranger_gets_nowhere_without_logging_in() -> None:
    found = list(addresses())
    assert len(found) > 20
    for name, path in found:
        answer = Client().get(path)
        if name in OPEN:
            assert answer.status_code in (200, 405), path
        elif name not in OWN_KEY:
            assert answer.status_code in (302, 405), path
            assert answer.status_code == 405 or answer["Location"].startswith(reverse("login")), path


def test_an_account_without_a_membership_does_not_exist(shop: Shop) -> None:
    browser = Client()
    browser.force_login(given.person("Nosy Norbert"))
    for path in (shop.url(), shop.url("profiles/"), shop.url("changes/"), shop.url("lists/act/create/")):
        assert browser.get(path).status_code == 404, path
    assert shop.account.name not in browser.get(shop.url()).content.decode()


def test_every_page_carries_the_strict_policy(shop: Shop) -> None:
    browser = shop.browser("admin")
    for name, path in addresses():
        answer = browser.get(path.replace("/a/1/", shop.url()))
        assert answer["Content-Security-Policy"] == POLICY, name
        assert answer["X-Frame-Options"] == "DENY", name
    assert "unsafe" not in POLICY
    assert browser.get("/nowhere/")["Content-Security-Policy"] == POLICY


INLINE = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|\shx-on|javascript:|\bjs:", re.I)
FAR = re.compile(r"""(?:src|href|action)=["']?(?:https?:)?//""")


def test_no_template_has_inline_code_or_foreign_files() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in (ROOT / "templates").rglob("*.html")
        for pattern in (INLINE, FAR)
        for match in pattern.finditer(path.read_text())
        if path.name != "_evidence_style.html"  # of a file that is only ever downloaded, and has nothing beside it
    ]
    assert not found, found
    assert INLINE.search('<p style="x">')
    assert INLINE.search("<script>")


def test_no_rendered_page_has_inline_code(shop: Shop) -> None:
    for role in ("viewer", "marketer", "admin", "auditor"):
        browser = shop.browser(role)
        for name, path in addresses():
            answer = browser.get(path.replace("/a/1/", shop.url()), follow=True)
            if "html" in answer.get("Content-Type", "") and not answer.streaming:
                assert not INLINE.search(answer.content.decode()), (role, name)


def test_pages_are_kept_out_of_caches(shop: Shop) -> None:
    assert "no-store" in shop.browser().get(shop.url("profiles/"))["Cache-Control"]


def test_the_light_is_chosen_once_and_drawn_by_the_server(shop: Shop) -> None:
    browser = shop.browser()
    assert 'data-theme="auto"' in browser.get(shop.url()).content.decode()
    answer = browser.post("/theme/", {"theme": "dark", "next": shop.url()})
    assert answer["Location"] == shop.url()
    assert 'data-bs-theme="dark"' in browser.get(shop.url()).content.decode()
    browser.post("/theme/", {"theme": "<script>"})
    assert 'data-bs-theme="dark"' in browser.get(shop.url()).content.decode()


def test_the_theme_switch_leads_nowhere_else(db: None) -> None:
    assert Client().post("/theme/", {"theme": "dark", "next": "https://example.com/"})["Location"] == "/"


def test_the_menu_shows_what_a_role_may_do(shop: Shop) -> None:
    words = {"Imports": {"marketer", "admin"}, "Audit": {"admin", "auditor"}, "Settings": {"admin"}}
    for role in ("viewer", "marketer", "admin", "auditor"):
        text = shop.browser(role).get(shop.url()).content.decode()
        menu = text[text.index('id="menu"') : text.index("</nav>", text.index('id="menu"'))]
        for word, roles in words.items():
            assert (f">{word}</a>" in re.sub(r"<svg.*?</svg>", "", menu)) == (role in roles), (role, word)


def test_the_accounts_name_and_colour_are_on_every_page(shop: Shop) -> None:
    for path in ("", "profiles/", "lists/act/create/", "changes/"):
        text = shop.browser().get(shop.url(path)).content.decode()
        assert '<body class="account-teal' in text
        assert "Juniper &amp; Pine" in text


def test_self_approval_is_loud_on_every_page(shop: Shop, settings: object) -> None:
    assert "approve their own changes" not in shop.browser().get(shop.url()).content.decode()
    settings.SELF_APPROVAL = True  # type: ignore[attr-defined]  # pytest-django's fixture
    assert "approve their own changes" in shop.browser().get(shop.url()).content.decode()


def test_logging_out_is_a_post(shop: Shop) -> None:
    browser = shop.browser()
    assert browser.get("/logout/").status_code == 405
    browser.post("/logout/")
    assert browser.get(shop.url()).status_code == 302


def test_error_pages_speak_plainly_and_show_no_trace(shop: Shop) -> None:
    request = RequestFactory().get("/")
    assert "Something broke on our side" in server_error(request).content.decode()
    assert "makes no sense here" in bad_request(request, ValueError("secret")).content.decode()
    missing = shop.browser().get("/nowhere/").content.decode()
    assert "There is nothing at this address" in missing
    strict = Client(enforce_csrf_checks=True)
    refused = strict.post("/login/", {"username": "x", "password": "y"})
    assert refused.status_code == 403
    assert "This form has expired" in refused.content.decode()


@pytest.mark.parametrize("name", ["", "Nowhere/Atlantis", "../../etc/passwd", "a" * 5000, "Europe/Berlin\x00"])
def test_a_strange_zone_is_utc(name: str) -> None:
    assert zone_named(name).key == "UTC"
    assert zone_named("Europe/Berlin").key == "Europe/Berlin"


def test_the_icons_that_pages_name_exist() -> None:
    drawn = set(re.findall(r'<symbol id="(\w+)"', (ROOT / "static/icons.svg").read_text()))
    used = {
        name
        for path in (ROOT / "templates").rglob("*.html")
        for name in re.findall(r'{% icon "(\w+)"', path.read_text())
    }
    assert used <= drawn, used - drawn
