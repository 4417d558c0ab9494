from datetime import timedelta

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from klaviyo_admin.accounts.models import LoginAttempt
from klaviyo_admin.audit.models import Entry
from tests.accounts import given

pytestmark = pytest.mark.django_db


def attempt(client: Client, email: str, password: str = "wrong", **extra: str) -> HttpResponse:
    return client.post("/login/", {"username": email, "password": password}, **extra)


def lines(action: str) -> list[Entry]:
    return list(Entry.objects.filter(action=action))


def test_coming_in_and_going_out_is_on_record(client: Client) -> None:
    mara = given.person()
    assert attempt(client, " MARA@example.com", given.PASSWORD).status_code == 302
    client.post("/logout/")
    (came,), (left,) = lines("login"), lines("logout")
    assert (came.person_id, came.person_name, came.sentence) == (mara.pk, "Mara Lindqvist", "Mara Lindqvist logged in.")
    assert left.person_id == mara.pk
    assert came.detail == {"client": "127.0.0.1"}


def test_a_failed_login_names_only_people_who_are_known(client: Client) -> None:
    given.person()
    attempt(client, "mara@example.com", "hunter2-secret")
    attempt(client, "my-password-by-mistake", "hunter2-secret")
    known, unknown = lines("login.failed")
    assert known.object_name == "Mara Lindqvist"
    assert known.person_id is None
    assert unknown.object_name == "unknown address"
    everything = str(list(Entry.objects.values())) + str(list(LoginAttempt.objects.values()))
    assert "by-mistake" not in everything
    assert "hunter2" not in everything


def test_after_five_failures_an_address_has_to_wait_and_is_told_until_when(client: Client) -> None:
    given.person()
    for number in range(5):
        assert (
            "do not go together"
            in attempt(client, "mara@example.com", REMOTE_ADDR=f"192.0.2.{number}").content.decode()
        )
    refused = attempt(client, "Mara@example.com", given.PASSWORD, REMOTE_ADDR="192.0.2.99").content.decode()
    assert "Too many failed attempts. Try again in 15 minutes, from " in refused
    assert not lines("login")
    LoginAttempt.objects.update(at=timezone.now() - timedelta(minutes=15, seconds=1))
    assert attempt(client, "mara@example.com", given.PASSWORD).status_code == 302


def test_after_five_failures_a_client_has_to_wait_whoever_it_says_to_be(client: Client) -> None:
    given.person()
    for number in range(5):
        attempt(client, f"guess{number}@example.com")
    assert "Too many failed attempts" in attempt(client, "mara@example.com", given.PASSWORD).content.decode()
    elsewhere = attempt(client, "mara@example.com", given.PASSWORD, REMOTE_ADDR="192.0.2.1")
    assert elsewhere.status_code == 302


def test_a_good_login_clears_ones_own_failures_but_not_those_of_the_client(client: Client) -> None:
    given.person()
    for email in ("mara@example.com", "mara@example.com", "guess@example.com"):
        attempt(client, email)
    attempt(client, "mara@example.com", given.PASSWORD)
    assert LoginAttempt.objects.count() == 1


def test_behind_a_proxy_the_address_that_the_proxy_saw_counts(client: Client, settings: settings) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    attempt(client, "guess@example.com", HTTP_X_FORWARDED_FOR="1.2.3.4, 2001:db8:1:2:3:4:5:6")
    assert lines("login.failed")[0].detail == {"client": "2001:db8:1:2::/64"}


def test_somebody_who_was_let_go_does_not_come_in(client: Client) -> None:
    mara = given.person()
    mara.is_active = False
    mara.save()
    assert attempt(client, "mara@example.com", given.PASSWORD).status_code == 200
    assert not lines("login")
