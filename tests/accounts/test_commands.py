from typing import Any

import pytest
from django.core.management import CommandError, call_command

from klaviyo_admin.accounts.models import Person
from klaviyo_admin.audit import log
from klaviyo_admin.audit.models import Entry, Head
from tests.accounts import given

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PERSON_PASSWORD", "seven purple teapots")


def test_the_first_owner_comes_in_from_the_shell(capsys: Any) -> None:
    call_command("person", "Olive@Example.com", "--name", "Olive Okafor", "--owner")
    olive = Person.objects.get(email="olive@example.com")
    assert olive.is_superuser
    assert olive.check_password("seven purple teapots")
    assert "seven" not in capsys.readouterr().out
    assert Entry.objects.get().person_name == "the system"


def test_a_role_is_given_from_the_shell() -> None:
    account = given.account()
    call_command("person", "mara@example.com", "--name", "Mara", "--role", "marketer", "--account", "juniper & pine")
    call_command("person", "mara@example.com", "--role", "admin", "--account", account.name)
    assert account.memberships.get().role == "admin"


def test_a_password_is_set_anew_only_when_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    mara = given.person()
    call_command("person", mara.email, "--owner")
    mara.refresh_from_db()
    assert mara.is_superuser
    assert mara.check_password(given.PASSWORD)
    call_command("person", mara.email, "--password")
    mara.refresh_from_db()
    assert mara.check_password("seven purple teapots")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["mara@example.com"], "needs a --name"),
        (["mara@example.com", "--name", "Mara", "--role", "admin"], "go together"),
        (["mara@example.com", "--name", "Mara", "--role", "admin", "--account", "Nowhere"], "No account is called"),
        (["no address", "--name", "Mara"], "is no e-mail address"),
    ],
)
def test_what_does_not_make_sense_is_refused_in_a_sentence(arguments: list[str], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        call_command("person", *arguments)
    assert not Person.objects.exists()


def test_a_weak_password_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PERSON_PASSWORD", "password")
    with pytest.raises(CommandError, match="too common"):
        call_command("person", "mara@example.com", "--name", "Mara")


def test_without_a_terminal_the_password_is_not_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PERSON_PASSWORD")
    with pytest.raises(CommandError, match="no terminal"):
        call_command("person", "mara@example.com", "--name", "Mara")


def test_the_shell_proves_the_audit_log(capsys: Any) -> None:
    call_command("audit", "verify")
    given.person()
    log.record("login", sentence="Somebody came.")
    call_command("audit", "verify")
    said = capsys.readouterr().out
    assert "All 0 lines hold." in said
    assert f"All 1 lines hold. It ends with {Head.objects.get().hash}" in said
    Head.objects.update(lines=2)
    with pytest.raises(CommandError, match="Line 2 is missing"):
        call_command("audit", "verify")
