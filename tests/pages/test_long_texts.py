"""Every form of the dashboard, filled with far too much: refused in words, and no column holds more than it says.

SQLite keeps any length; PostgreSQL raises. So the columns are measured, whatever the database.
"""

from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urljoin

from django.apps import apps
from django.db.models import CharField
from django.db.models.functions import Length
from django.test import Client

from klaviyo_admin.accounts.models import Membership
from klaviyo_admin.pages.models import SavedView
from tests.accounts import given
from tests.pages.conftest import Shop
from tests.pages.test_secrets import proposed

MUCH = "Zoë’s läöng 長い text " * 250
OUTSIDE = ("/accounts/connect/", "/people/add/")
WITH_FORMS = (
    *("changes/", "console/update_list/", "lists/act/create/", "imports/new/", "freezes/", "policies/"),
    *("people/", "settings/", "settings/notices/", "audit/"),
)


class Forms(HTMLParser):
    """The forms of a page that post: where to, and the names of their fields, those that people write in apart."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str], set[str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form" and said.get("method") == "post":
            self.found.append((said.get("action", ""), {}, set()))
        if self.found and said.get("name"):
            _, kept, written = self.found[-1]
            kept[said["name"]] = said.get("value", "")
            kind = said.get("type", "text")
            if tag == "textarea" or (tag == "input" and kind in ("text", "search", "email", "password", "hidden")):
                written.add(said["name"])


def columns() -> Iterator[tuple[str, int]]:
    """Every column of a fixed length, with the number of rows that hold more."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, CharField) and field.max_length:
                rows = model._base_manager.annotate(long=Length(field.attname)).filter(long__gt=field.max_length)
                yield f"{model.__name__}.{field.name}", rows.count()


def filled(browser: Client, path: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Where the forms of a page go, each with much in all that is written."""
    answer = browser.get(path)
    if answer.status_code != 200:
        return
    for action, kept, written in Forms(answer.content.decode()).found:
        where = urljoin(path, action)
        shown = {name for name in written if name not in ("csrfmiddlewaretoken", "next", "do", "digest")}
        yield where, kept | dict.fromkeys(shown, MUCH)


def test_no_form_takes_more_than_its_column_holds(shop: Shop) -> None:
    change, owner = proposed(shop), given.person("Olga Olsen", owner=True)
    Membership.objects.create(person=owner, account=shop.account, role="admin")
    browser, tried = Client(), set[str]()
    browser.force_login(owner)
    for path in (*(shop.url(place) for place in WITH_FORMS), shop.url(f"changes/{change.pk}/"), *OUTSIDE):
        for where, data in filled(browser, path):
            if where not in tried and "logout" not in where:
                tried.add(where)
                assert browser.post(where, data).status_code < 500, where
    assert len(tried) > 15, tried
    assert [told for told in columns() if told[1]] == []


def test_filters_that_grow_in_an_address_are_no_view(shop: Shop) -> None:
    browser, address = shop.browser(), shop.url("changes/views/")
    kept = browser.post(address, {"name": "Long", "query": f"words={'é' * 200}"}, follow=True)
    assert "These filters are too long to be kept" in kept.content.decode()
    assert not SavedView.objects.exists()
