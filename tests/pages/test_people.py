import re
from typing import Any

import pytest
from django.test import Client

from klaviyo_admin.accounts.models import Membership, Person
from klaviyo_admin.audit.models import Entry
from tests.accounts import given

pytestmark = pytest.mark.django_db
STRONG = "seven purple teapots"


def link_in(page: Any) -> str:
    found = re.search(r"http://testserver(/welcome/[^<\"]+)", page.content.decode())
    assert found
    return found[1]


def welcome(client: Client, link: str, password: str) -> Any:
    form = client.get(link, follow=True)
    place = form.redirect_chain[-1][0] if form.redirect_chain else link
    return client.post(place, {"new_password1": password, "new_password2": password}), form


def test_an_owner_adds_a_person_who_sets_a_password_with_a_link_that_works_once(client: Client) -> None:
    client.force_login(given.person("Olive Okafor", owner=True))
    link = link_in(client.post("/people/add/", {"name": "Nora New", "email": "Nora@Example.com"}))
    nora = Person.objects.get(email="nora@example.com")
    assert not nora.has_usable_password()
    theirs = Client()
    assert "too common" in welcome(theirs, link, "password123")[0].content.decode()
    assert welcome(theirs, link, STRONG)[0].headers["Location"] == "/login/"
    assert theirs.login(username="nora@example.com", password=STRONG)
    _, again = welcome(Client(), link, STRONG)
    assert "does not work any more" in again.content.decode()
    actions = list(Entry.objects.order_by("id").values_list("action", flat=True))
    assert actions == ["login", "person.added", "person.link_made", "person.password_set", "login"]
    assert link.split("/")[3] not in str(list(Entry.objects.values()))


def test_the_second_person_with_an_address_is_refused(client: Client) -> None:
    client.force_login(given.person("Olive Okafor", owner=True))
    answer = client.post("/people/add/", {"name": "Another Olive", "email": "OLIVE@example.com"})
    assert "already here" in answer.content.decode()
    assert Person.objects.count() == 1


@pytest.mark.parametrize("role", ["viewer", "marketer", "admin", "auditor"])
def test_only_an_owner_adds_people_and_makes_links(client: Client, role: str) -> None:
    account = given.account()
    client.force_login(given.member(account, role))
    owner = Person.objects.get(email="owner@example.com")
    assert client.get("/people/").status_code == (200 if role == "admin" else 403)
    if role == "admin":
        assert owner.email not in client.get("/people/").content.decode()
    assert client.post("/people/add/", {"name": "N", "email": "n@example.com"}).status_code == 403
    for act in ("link", "let-go", "take-back"):
        assert client.post(f"/people/{owner.pk}/{act}/").status_code == 403
    owner.refresh_from_db()
    assert owner.is_active


@pytest.mark.parametrize("role", ["viewer", "marketer", "auditor"])
def test_only_an_admin_gives_and_takes_roles(client: Client, role: str) -> None:
    account = given.account()
    me = given.member(account, role)
    client.force_login(me)
    here = f"/a/{account.pk}/people/"
    assert client.get(here).status_code == 403
    assert client.post(here + "give/", {"person": me.pk, "role": "admin"}).status_code == 403
    assert client.post(f"{here}{me.pk}/", {"role": "admin"}).status_code == 403
    assert Membership.objects.get(person=me).role == role


def test_an_admin_gives_changes_and_takes_a_role_and_each_is_on_record(client: Client) -> None:
    account = given.account()
    client.force_login(given.member(account, "admin", "Ada Admin"))
    mara = given.person()
    here = f"/a/{account.pk}/people/"
    client.post(here + "give/", {"person": mara.pk, "role": "viewer"})
    assert mara.memberships.get().role == "viewer"
    client.post(f"{here}{mara.pk}/", {"role": "marketer"})
    assert mara.memberships.get().role == "marketer"
    client.post(f"{here}{mara.pk}/", {"role": ""})
    assert not mara.memberships.exists()
    said = list(Entry.objects.filter(action__startswith="role.").order_by("id").values_list("sentence", flat=True))
    assert said == [
        "Gave Mara Lindqvist the role Viewer in “Juniper & Pine”.",
        "Gave Mara Lindqvist the role Marketer instead of Viewer in “Juniper & Pine”.",
        "Took the role Marketer in “Juniper & Pine” from Mara Lindqvist.",
    ]


def test_a_made_up_role_is_refused(client: Client) -> None:
    account = given.account()
    admin = given.member(account, "admin")
    client.force_login(admin)
    page = client.post(f"/a/{account.pk}/people/{admin.pk}/", {"role": "emperor"}, follow=True)
    assert "There is no role" in page.content.decode()


def test_the_last_admin_stays_until_there_is_another(client: Client) -> None:
    account = given.account()
    admin = given.member(account, "admin", "Ada Admin")
    client.force_login(admin)
    here = f"/a/{account.pk}/people/"
    for role in ("", "viewer"):
        page = client.post(f"{here}{admin.pk}/", {"role": role}, follow=True)
        assert "last admin" in page.content.decode()
    client.post(here + "give/", {"person": given.person().pk, "role": "admin"})
    left = client.post(f"{here}{admin.pk}/", {"role": ""})
    assert left.headers["Location"] == "/accounts/"
    assert client.get(here).status_code == 404


def test_whoever_is_let_go_is_out_at_once(client: Client) -> None:
    account = given.account()
    given.member(account, "admin")
    mara = given.member(account, "marketer", "Mara Lindqvist")
    theirs = Client()
    theirs.force_login(mara)
    assert theirs.get("/accounts/").status_code == 200
    client.force_login(Person.objects.get(email="owner@example.com"))
    client.post(f"/people/{mara.pk}/let-go/")
    assert theirs.get("/accounts/").status_code == 302
    assert not mara.memberships.exists()
    client.post(f"/people/{mara.pk}/take-back/")
    mara.refresh_from_db()
    assert mara.is_active
    assert not mara.memberships.exists()


def test_nobody_lets_themselves_or_the_last_admin_go(client: Client) -> None:
    account = given.account()
    admin = given.member(account, "admin", "Ada Admin")
    owner = Person.objects.get(email="owner@example.com")
    client.force_login(owner)
    assert "ask another owner" in client.post(f"/people/{owner.pk}/let-go/", follow=True).content.decode()
    assert "last admin" in client.post(f"/people/{admin.pk}/let-go/", follow=True).content.decode()
    assert Person.objects.filter(is_active=True).count() == 2
