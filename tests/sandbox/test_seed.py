"""The seeded shop: the same each time, believable, and about nobody."""

import random
import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from klaviyo_admin.sandbox.moments import DAY, SECOND
from klaviyo_admin.sandbox.seed.history import Past
from klaviyo_admin.sandbox.seed.shops import SHOPS
from klaviyo_admin.sandbox.service import Sandbox
from tests.fakes import sandbox_in_process
from tests.sandbox.conftest import NOON, every_page, unhurried


def everything(seed: int) -> dict[str, Any]:
    areas = ("profiles", "lists", "segments", "metrics", "events")
    with sandbox_in_process(120, seed_number=seed, now=lambda: NOON) as box, box.client(**unhurried(box)) as client:
        return {f"/api/{area}": list(every_page(client, f"/api/{area}")) for area in areas}


@pytest.fixture(scope="module")
def shop() -> dict[str, Any]:
    return everything(7)


def test_the_same_seed_makes_the_same_shop(shop: dict[str, Any]) -> None:
    assert everything(7) == shop


def test_another_seed_makes_other_people(shop: dict[str, Any]) -> None:
    assert everything(8)["/api/profiles"] != shop["/api/profiles"]


def test_nobody_in_the_shop_can_be_reached(shop: dict[str, Any]) -> None:
    for person in shop["/api/profiles"]:
        email, phone = person["attributes"]["email"], person["attributes"]["phone_number"]
        assert email is None or re.fullmatch(r"[a-z0-9.]+@example\.(com|org|net)", email)
        assert phone is None or re.fullmatch(r"\+1[2-9]\d\d55501\d\d", phone)
        assert email or phone


def test_identifiers_are_unique(shop: dict[str, Any]) -> None:
    for name in ("email", "phone_number", "external_id"):
        values = [p["attributes"][name] for p in shop["/api/profiles"] if p["attributes"][name]]
        assert len(values) == len(set(values)) > 30


def test_the_shop_has_the_oddities_that_break_screens(shop: dict[str, Any]) -> None:
    names = [f"{p['attributes']['first_name']} {p['attributes']['last_name']}" for p in shop["/api/profiles"]]
    assert max(map(len, names)) > 80
    assert any(ord(sign) > 0x3000 for name in names for sign in name)
    assert max(len(item["attributes"]["name"]) for item in shop["/api/lists"]) > 150
    assert len(shop["/api/lists"]) == 12
    assert len(shop["/api/segments"]) == 8
    kinds = {type(v) for p in shop["/api/profiles"] for v in p["attributes"]["properties"].values()}
    assert {str, int, bool, list} <= kinds


def test_history_adds_up(shop: dict[str, Any]) -> None:
    people = {p["id"]: p["attributes"] for p in shop["/api/profiles"]}
    names = {m["id"]: m["attributes"]["name"] for m in shop["/api/metrics"]}
    latest: dict[str, str] = {}
    orders: dict[str, float] = {}
    for event in shop["/api/events"]:
        who = event["relationships"]["profile"]["data"]["id"]
        at, properties = event["attributes"]["datetime"], event["attributes"]["event_properties"]
        assert people[who]["created"][:10] <= at[:10] <= "2026-11-18"
        latest[who] = max(latest.get(who, ""), at)
        name = names[event["relationships"]["metric"]["data"]["id"]]
        if name == "Placed Order":
            orders[properties["OrderId"]] = orders.get(properties["OrderId"], 0) + properties["$value"]
        if name == "Ordered Product":
            orders[properties["OrderId"]] = orders.get(properties["OrderId"], 0) - properties["$value"]
    assert all(people[who]["last_event_date"] == at for who, at in latest.items())
    assert len(orders) > 20
    assert all(abs(rest) < 0.01 for rest in orders.values()), "an order is worth what its products cost"


def test_whoever_visits_twice_in_one_second_still_does_each_thing_once() -> None:
    today = int(NOON) * SECOND // DAY * DAY
    past = Past(SHOPS[0], random.Random(7), today)
    for _ in range(
        2000
    ):  # all of whom came a minute before midnight, after shopping hours: every visit is put off to then
        done = [(what.metric, what.once) for what in past.of(today - DAY - 60 * SECOND)]
        assert len(set(done)) == len(done)


def test_the_second_shop_is_a_tenth() -> None:
    with sandbox_in_process(120) as box, box.client("pk_sandbox_harbour") as client:
        assert len(client.get("/api/profiles").json()["data"]) == 12


def test_an_existing_file_is_opened_and_not_sown_again(tmp_path: Path) -> None:
    file = str(tmp_path / "shop.sqlite3")
    Sandbox(file, profiles=2000).close()
    again = Sandbox(file, profiles=5, seed_number=9)
    with again.store.look() as db:
        assert db.execute("SELECT count(*) FROM profile").fetchone()[0] == 2200
    again.close()


def test_a_file_of_another_shape_is_sown_anew(tmp_path: Path) -> None:
    file = tmp_path / "old.db"
    with sqlite3.connect(file) as db:
        db.execute("CREATE TABLE profile (n INTEGER PRIMARY KEY, name TEXT)")
        db.execute("CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT)")
        db.execute("INSERT INTO fact VALUES ('profiles', '9')")
    db.close()
    with sandbox_in_process(20, database=str(file), now=lambda: NOON) as box, box.client(**unhurried(box)) as client:
        assert len(list(every_page(client, "/api/profiles"))) == 20
