import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from klaviyo_admin import api, sealing
from klaviyo_admin.accounts.models import Account, Person
from klaviyo_admin.audit.models import Entry
from tests.accounts import given
from tests.fakes import InProcess, sandbox_in_process

pytestmark = pytest.mark.django_db
ROLES = ("viewer", "marketer", "admin", "auditor")
NEW = {"name": "Juniper & Pine", "colour": "rose", "place": "sandbox", "key": given.KEY}


@pytest.fixture
def sandbox() -> Iterator[InProcess]:
    with sandbox_in_process(profiles=3) as sandbox, api.use_transport(sandbox.transport):
        yield sandbox


def as_(client: Client, person: Person) -> Client:
    client.force_login(person)
    return client


def connect(client: Client, **other: str) -> Any:
    return client.post("/accounts/connect/", NEW | other)


def test_a_stranger_is_sent_to_the_login(client: Client) -> None:
    account = given.account()
    here = f"/a/{account.pk}/"
    for place in (
        "/accounts/",
        "/accounts/connect/",
        "/people/",
        here + "settings/",
        here + "people/",
        here + "audit/",
    ):
        assert client.get(place).headers["Location"].startswith("/login/"), place


def test_an_owner_connects_an_account_by_its_key_and_becomes_its_admin(client: Client, sandbox: InProcess) -> None:
    owner = given.person("Olive Okafor", owner=True)
    answer = connect(as_(client, owner))
    account = Account.objects.get()
    assert answer.headers["Location"] == f"/a/{account.pk}/people/"
    assert (account.klaviyo_id, account.key_added_by, account.colour) == ("SBXJP1", owner, "rose")
    assert account.memberships.get().role == "admin"
    assert [e.action for e in Entry.objects.order_by("id")][-2:] == ["account.connected", "role.given"]
    assert api.reader(account).item("get_accounts").id == "SBXJP1"


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("pk_wrong", "This key is not accepted"),
        ("pk with spaces", "This key is not accepted"),
    ],
)
def test_a_key_that_cannot_be_verified_is_explained_and_only_the_key_is_lost(
    client: Client, sandbox: InProcess, key: str, said: str
) -> None:
    answer = connect(as_(client, given.person("Olive Okafor", owner=True)), name="My shop", key=key)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert 'value="My shop"' in page
    assert '<option value="rose" selected>' in page
    assert key not in page
    assert not Account.objects.exists()


def test_a_key_without_the_scope_accounts_read_is_explained(client: Client, sandbox: InProcess) -> None:
    sandbox.fault("get_accounts", "error_before", status=403)
    answer = connect(as_(client, given.person("Olive Okafor", owner=True)))
    page = answer.content.decode()
    assert "Missing scope: <code>accounts:read</code>" in page
    assert given.KEY not in page
    assert not Account.objects.exists()


def test_a_host_that_cannot_be_reached_is_explained(client: Client, settings: Any) -> None:
    settings.KLAVIYO_HOSTS = {"sandbox": "http://127.0.0.1:9", "klaviyo": "http://127.0.0.1:9"}
    page = connect(as_(client, given.person("Olive Okafor", owner=True))).content.decode()
    assert "http://127.0.0.1:9 cannot be reached" in page
    assert "Is the sandbox running" in page
    assert given.KEY not in page


def test_the_same_klaviyo_account_is_connected_only_once(client: Client, sandbox: InProcess) -> None:
    given.account()
    answer = connect(as_(client, Person.objects.get(email="owner@example.com")), name="Twice")
    assert "already connected, as “Juniper &amp; Pine”" in answer.content.decode()
    assert Account.objects.count() == 1


@pytest.mark.parametrize("role", ROLES)
def test_only_an_owner_connects_whatever_role_somebody_has(client: Client, role: str) -> None:
    person = given.member(given.account(), role)
    assert as_(client, person).get("/accounts/connect/").status_code == 403
    assert connect(client).status_code == 403


@pytest.mark.parametrize("role", ROLES)
def test_only_an_admin_manages_the_settings(client: Client, sandbox: InProcess, role: str) -> None:
    account = given.account()
    as_(client, given.member(account, role))
    expected = 200 if role == "admin" else 403
    here = f"/a/{account.pk}/settings/"
    assert client.get(here).status_code == expected
    for part, given_ in (("describe", {}), ("key", {}), ("archive", {})):
        assert client.post(f"{here}{part}/", given_).status_code == (422 if role == "admin" else 403), part


def test_somebody_of_another_account_finds_nothing(client: Client) -> None:
    account, other = given.account(), given.account("Harbour Coffee", "SBXHC2")
    as_(client, given.member(other, "admin"))
    assert client.get(f"/a/{account.pk}/settings/").status_code == 404
    assert client.post(f"/a/{account.pk}/check/").status_code == 404
    assert account.name not in client.get("/accounts/").content.decode()


def test_an_admin_renames_replaces_the_key_and_archives(client: Client, sandbox: InProcess) -> None:
    account = given.account(key="pk_revoked")
    admin = given.member(account, "admin", "Ada Admin")
    here = f"/a/{account.pk}/settings/"
    as_(client, admin).post(here + "describe/", {"name": "Juniper", "colour": "blue"})
    client.post(here + "key/", {"key": given.KEY})
    account.refresh_from_db()
    assert (account.name, account.colour, account.key_added_by) == ("Juniper", "blue", admin)
    assert sealing.unseal(account.sealed_key).decode() == given.KEY
    assert "Ada Admin" in client.get(here).content.decode()
    assert client.post(here + "archive/", {"confirm": "something else"}).status_code == 422
    client.post(here + "archive/", {"confirm": "Juniper"})
    account.refresh_from_db()
    assert account.archived_at
    assert account.sealed_key is None
    assert client.get(here).status_code == 403
    assert client.get(f"/a/{account.pk}/audit/").status_code == 200
    actions = set(Entry.objects.filter(account_id=account.pk).values_list("action", flat=True))
    assert actions == {"account.changed", "account.key_replaced", "account.archived"}


def test_a_key_of_another_klaviyo_account_does_not_replace_ours(client: Client, sandbox: InProcess) -> None:
    account = given.account()
    as_(client, given.member(account, "admin"))
    answer = client.post(f"/a/{account.pk}/settings/key/", {"key": "pk_sandbox_harbour"})
    assert "belongs to another Klaviyo account (SBXHC2)" in answer.content.decode()
    account.refresh_from_db()
    assert sealing.unseal(account.sealed_key).decode() == given.KEY


def test_a_check_keeps_when_and_what_it_found(client: Client, sandbox: InProcess) -> None:
    account = given.account(key="pk_revoked")
    as_(client, given.member(account, "viewer"))
    assert "Never" in client.get("/accounts/").content.decode()
    page = client.post(f"/a/{account.pk}/check/", follow=True).content.decode()
    assert "does not accept" in page
    assert "Failed" in page
    Account.objects.update(sealed_key=sealing.seal(given.KEY.encode()))
    assert "The key works" in client.post(f"/a/{account.pk}/check/", follow=True).content.decode()


def test_a_key_sealed_under_a_lost_sealing_key_is_explained(client: Client, sandbox: InProcess, settings: Any) -> None:
    account = given.account()
    settings.SEALING_KEYS = ["b" * 43 + "="]
    as_(client, given.member(account, "viewer"))
    page = client.post(f"/a/{account.pk}/check/", follow=True).content.decode()
    assert "SEALING_KEYS" in page


def test_a_key_is_in_no_page_log_or_audit_line(client: Client, sandbox: InProcess, caplog: Any) -> None:
    caplog.set_level(logging.DEBUG)
    as_(client, given.person("Olive Okafor", owner=True))
    pages = [connect(client, key="pk_typed_by_mistake"), connect(client)]
    account = Account.objects.get()
    here = f"/a/{account.pk}/"
    pages += [client.post(here + "settings/key/", {"key": key}) for key in ("pk_typed_by_mistake", given.KEY)]
    pages += [client.get(place) for place in ("/accounts/", here + "settings/", here + "audit/", here + "people/")]
    read = "".join(page.content.decode() for page in pages)
    stored = str(list(Entry.objects.values())) + str(list(Account.objects.values()))
    session = str(dict(client.session))
    for key in ("pk_typed_by_mistake", given.KEY):
        assert key not in read
        assert key not in stored
        assert key not in caplog.text
        assert key not in session
        assert key not in repr(api.reader(account))
