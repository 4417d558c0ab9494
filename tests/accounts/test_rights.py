import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError
from django.utils import timezone

from klaviyo_admin.accounts import rights
from klaviyo_admin.accounts.models import Account, Membership, Person
from tests.accounts import given

pytestmark = pytest.mark.django_db
ALLOWED = {
    "viewer": {"read"},
    "marketer": {"read", "propose"},
    "admin": {"read", "propose", "approve", "audit", "manage"},
    "auditor": {"read", "audit"},
}


@pytest.mark.parametrize("role", ALLOWED)
def test_a_role_allows_what_it_says_and_nothing_else(role: str) -> None:
    account = given.account()
    person = given.member(account, role)
    assert {right for right in rights.RIGHTS if rights.may(person, account, right)} == ALLOWED[role]
    assert {r for r in rights.RIGHTS if account in rights.accounts_of(person, r)} == ALLOWED[role]


@pytest.mark.parametrize("role", ALLOWED)
def test_a_role_is_worth_nothing_in_another_account(role: str) -> None:
    person = given.member(given.account(), role)
    other = given.account("Harbour Coffee", "SBXHC2")
    assert not any(rights.may(person, other, right) for right in rights.RIGHTS)
    assert other not in rights.accounts_of(person)


def test_an_owner_may_do_nothing_inside_an_account_without_a_role() -> None:
    account = given.account()
    owner = Person.objects.get(email="owner@example.com")
    rights.demand_owner(owner)
    assert not any(rights.may(owner, account, right) for right in rights.RIGHTS)


def test_nobody_but_an_owner_connects_accounts() -> None:
    for person in (given.member(given.account(), "admin"), AnonymousUser()):
        with pytest.raises(rights.NotAllowed, match="Only an owner"):
            rights.demand_owner(person)


def test_a_person_who_was_let_go_may_do_nothing() -> None:
    account = given.account()
    person = given.member(account, "admin")
    person.is_active = False
    assert not rights.may(person, account, "read")
    assert not rights.accounts_of(person)


def test_somebody_who_is_not_logged_in_may_do_nothing() -> None:
    with pytest.raises(rights.NotAllowed, match="not logged in"):
        rights.demand(AnonymousUser(), given.account(), "read")


def test_a_refusal_is_a_plain_sentence() -> None:
    account = given.account()
    person = given.member(account, "viewer", "Vera Novak")
    with pytest.raises(rights.NotAllowed) as refusal:
        rights.demand(person, account, "approve")
    assert refusal.value.sentence == "Vera Novak may not decide on changes in Juniper & Pine."


def test_of_an_archived_account_only_the_audit_stays() -> None:
    account = given.account()
    person = given.member(account, "admin")
    Account.objects.update(archived_at=timezone.now(), sealed_key=None)
    account.refresh_from_db()
    assert [right for right in rights.RIGHTS if rights.may(person, account, right)] == ["audit"]
    assert list(rights.accounts_of(person, "audit")) == [account]
    assert not rights.accounts_of(person)


def test_a_right_that_does_not_exist_is_a_mistake_of_the_caller() -> None:
    account = given.account()
    with pytest.raises(ValueError, match="no right"):
        rights.may(given.person(), account, "fly")


def test_the_database_knows_the_four_roles() -> None:
    account = given.account()
    with pytest.raises(IntegrityError):
        Membership.objects.create(person=given.person(), account=account, role="emperor")


def test_two_people_never_share_an_address_whatever_its_case() -> None:
    given.person("Mara Lindqvist")
    with pytest.raises(IntegrityError):
        Person.objects.create_user("  MARA@Example.com", name="Another Mara")


def test_one_look_reads_roles_once_and_the_next_reads_them_anew() -> None:
    account = given.account()
    person = given.member(account, "admin")
    with rights.one_look():
        assert rights.may(person, account, "approve")
        Membership.objects.filter(person=person).update(role="viewer")
        assert rights.may(person, account, "approve")
    assert not rights.may(person, account, "approve")
    with rights.one_look():
        assert not rights.may(person, account, "approve")
