import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.core.management import CommandError, call_command

from klaviyo_admin import sealing
from klaviyo_admin.accounts.models import Account
from klaviyo_admin.changes.models import Change
from tests.accounts import given

ROOT = Path(__file__).resolve().parents[2]
OLD, NEW = (Fernet.generate_key().decode() for _ in range(2))


def test_what_is_sealed_can_be_unsealed_and_does_not_show() -> None:
    token = sealing.seal(b"pk_secret")
    assert sealing.unseal(token) == b"pk_secret"
    assert b"pk_secret" not in token
    assert sealing.seal(b"pk_secret") != token


def test_an_older_key_still_opens_and_resealing_moves_to_the_newest(settings: Any) -> None:
    settings.SEALING_KEYS = [OLD]
    token = sealing.seal(b"data")
    settings.SEALING_KEYS = [NEW, OLD]
    assert sealing.unseal(token) == b"data"
    moved = sealing.reseal(token)
    assert sealing.reseal(moved) == moved
    settings.SEALING_KEYS = [NEW]
    assert sealing.unseal(moved) == b"data"
    with pytest.raises(sealing.Unreadable):
        sealing.unseal(token)


def test_changed_bytes_are_unreadable() -> None:
    token = bytearray(sealing.seal(b"data"))
    token[30] ^= 1
    with pytest.raises(sealing.Unreadable):
        sealing.unseal(bytes(token))


@pytest.mark.parametrize("keys", [["short"], [NEW, ""], [NEW, "pk_not_base64_é"]])
def test_a_bad_key_is_named_by_its_place_and_never_shown(settings: Any, keys: list[str]) -> None:
    settings.SEALING_KEYS = keys
    with pytest.raises(ImproperlyConfigured) as refusal:
        sealing.seal(b"data")
    assert f"key {len(keys)} of {len(keys)} is no Fernet key" in str(refusal.value)
    assert not any(key and key in str(refusal.value) for key in keys)


@pytest.mark.django_db
def test_rotation_reseals_every_account_and_the_old_key_can_go(settings: Any, capsys: Any) -> None:
    settings.SEALING_KEYS = [OLD]
    first, second = given.account(), given.account("Harbour Coffee", "SBXHC2", key="pk_sandbox_harbour")
    settings.SEALING_KEYS = [NEW, OLD]
    call_command("rotate_sealing_key")
    assert "accounts.Account.sealed_key: 2 resealed" in capsys.readouterr().out
    settings.SEALING_KEYS = [NEW]
    for account, key in ((first, given.KEY), (second, "pk_sandbox_harbour")):
        account.refresh_from_db()
        assert sealing.unseal(account.sealed_key).decode() == key
    call_command("rotate_sealing_key")
    assert "accounts.Account.sealed_key: 0 resealed" in capsys.readouterr().out


@pytest.mark.django_db
def test_rotation_finds_every_sealed_column_by_its_field(settings: Any) -> None:
    settings.SEALING_KEYS = [OLD]
    account = given.account()
    change = Change.objects.create(account=account, action="x", sentence="x", reason="x", author=account.key_added_by)
    step = change.steps.create(
        number=1,
        operation="update_profile",
        method="PATCH",
        path="/api/x",
        body_sha256="0",
        target_name="Zoë",
        fields=[{"a": [1, None]}],
    )
    settings.SEALING_KEYS = [NEW, OLD]
    columns = {f"{model.__name__}.{field.name}" for model, field in sealing.sealed_columns()}
    assert {"Account.sealed_key", "Step.path", "Step.body", "Step.response"} <= columns
    call_command("rotate_sealing_key")
    settings.SEALING_KEYS = [NEW]
    step.refresh_from_db()
    assert (step.target_name, step.path, step.fields, step.body) == ("Zoë", "/api/x", [{"a": [1, None]}], None)


def test_a_process_with_a_bad_key_does_not_start() -> None:
    environment = os.environ | {"SEALING_KEYS": "nonsense", "DJANGO_ENV": "test"}
    command = [sys.executable, "manage.py", "check"]
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode != 0
    assert "SEALING_KEYS: key 1 of 1 is no Fernet key" in ended.stderr
    assert "nonsense" not in ended.stderr


@pytest.mark.parametrize("server", ["uwsgi", "gunicorn check", "mod_wsgi sandbox"])
def test_no_web_server_runs_on_the_key_that_everybody_knows(server: str, tmp_path: Path) -> None:
    hidden = ("SECRET_KEY", "SEALING_KEYS", "DJANGO_ENV", "DATA_DIR")
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    environment["DATA_DIR"] = str(tmp_path / "data")
    begun = f"import sys; sys.argv = {server.split()!r}; import klaviyo_admin.settings"
    command = [sys.executable, "-c", begun]
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert "SECRET_KEY is not set" in ended.stderr
    assert (tmp_path / "data").stat().st_mode & 0o077 == 0


@pytest.mark.django_db
def test_rotation_without_the_old_key_says_so_and_changes_nothing(settings: Any) -> None:
    settings.SEALING_KEYS = [OLD]
    account = given.account()
    before = bytes(account.sealed_key)
    settings.SEALING_KEYS = [NEW]
    with pytest.raises(CommandError, match="Keep every old key"):
        call_command("rotate_sealing_key")
    account.refresh_from_db()
    assert bytes(account.sealed_key) == before


@pytest.mark.django_db
def test_a_sealed_column_cannot_be_searched() -> None:
    with pytest.raises(FieldError):
        Account.objects.filter(sealed_key=b"x").exists()
    assert not Account.objects.filter(sealed_key__isnull=False).exists()
