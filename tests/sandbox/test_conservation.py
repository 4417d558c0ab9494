"""Nothing is lost and nothing is made up: after thousands of chance writes the answers agree with a recount of the tables."""

from collections import Counter
from random import Random
from typing import Any

import httpx
import pytest

from tests.fakes import InProcess, sandbox_in_process
from tests.sandbox.conftest import NOON, body, every_page

WRITES = 5000
PEOPLE = 150
Json = dict[str, Any]
MIX = {"profile": 20, "join": 20, "leave": 12, "event": 25, "tag": 8, "untag": 5, "import": 2, "list": 3, "drop": 1}
MIX |= {"consent": 8, "suppress": 3, "erase": 1, "campaign": 1}


class Crowd:
    """Does one write after another, of whatever kind."""

    def __init__(self, box: InProcess, client: httpx.Client) -> None:
        self.box, self.client, self.chance = box, client, Random(11)
        self.people = [row["id"] for row in every_page(client, "/api/profiles")]
        self.lists = [row["id"] for row in every_page(client, "/api/lists")]
        self.tags = [row["id"] for row in every_page(client, "/api/tags")]
        self.done: Counter[str] = Counter()

    def act(self, what: str) -> None:
        self.box.sandbox.meter.forget()
        method, path, document = getattr(self, f"_{what}")()
        answer = self.client.request(method, path, json=document)
        # A list may have only one tag of an exclusive group; what was dropped or erased is not found.
        assert answer.status_code in (200, 201, 202, 204, 404, 409) or what == "tag", (what, answer.text)
        self.done[what] += answer.status_code < 300
        kept = {"profile": self.people, "list": self.lists}.get(what)
        if kept is not None and answer.status_code in (200, 201):
            kept.append(answer.json()["data"]["id"])

    def _mail(self) -> str:
        return f"crowd{self.chance.randrange(PEOPLE)}@example.com"

    def _some(self) -> Json:
        return {"data": [{"type": "profile", "id": ident} for ident in {*self.chance.choices(self.people, k=3)}]}

    def _profile(self) -> Any:
        return "POST", "/api/profile-import", body("profile", {"email": self._mail()})

    def _join(self) -> Any:
        return "POST", f"/api/lists/{self.chance.choice(self.lists)}/relationships/profiles", self._some()

    def _leave(self) -> Any:
        return "DELETE", f"/api/lists/{self.chance.choice(self.lists)}/relationships/profiles", self._some()

    def _event(self) -> Any:
        metric = body("metric", {"name": "Crowded"})
        profile = body("profile", {"email": self._mail()})
        once = f"o{self.chance.randrange(2000)}"
        return (
            "POST",
            "/api/events",
            body("event", {"properties": {}, "metric": metric, "profile": profile, "unique_id": once}),
        )

    def _labelled(self) -> tuple[str, Json]:
        path = f"/api/tags/{self.chance.choice(self.tags)}/relationships/lists"
        return path, {"data": [{"type": "list", "id": self.chance.choice(self.lists)}]}

    def _tag(self) -> Any:
        return "POST", *self._labelled()

    def _untag(self) -> Any:
        return "DELETE", *self._labelled()

    def _import(self) -> Any:
        rows = [{"type": "profile", "attributes": {"email": self._mail()}} for _ in range(8)]
        rows.append({"type": "profile", "attributes": {"email": "no address"}})
        lists = {"lists": {"data": [{"type": "list", "id": self.lists[0]}]}}
        given = {"profiles": {"data": rows}}
        return "POST", "/api/profile-bulk-import-jobs", body("profile-bulk-import-job", given, relationships=lists)

    def _list(self) -> Any:
        return "POST", "/api/lists", body("list", {"name": "Crowd"})

    def _drop(self) -> Any:
        return "DELETE", f"/api/lists/{self.chance.choice(self.lists[1:])}", None

    def _consent(self) -> Any:
        wish = {"email": {"marketing": {"consent": "SUBSCRIBED"}}}
        rows = [{"type": "profile", "attributes": {"email": self._mail(), "subscriptions": wish}}]
        kind = "profile-subscription-bulk-create-job"
        return "POST", f"/api/{kind}s", body(kind, {"profiles": {"data": rows}})

    def _suppress(self) -> Any:
        kind = f"profile-suppression-bulk-{self.chance.choice(('create', 'delete'))}-job"
        rows = [{"type": "profile", "attributes": {"email": self._mail()}}]
        return "POST", f"/api/{kind}s", body(kind, {"profiles": {"data": rows}})

    def _erase(self) -> Any:
        profile = body("profile", {"email": self._mail()})
        return "POST", "/api/data-privacy-deletion-jobs", body("data-privacy-deletion-job", {"profile": profile})

    def _campaign(self) -> Any:
        content = {"channel": "email", "content": {"subject": "Hi", "from_email": "a@example.com"}}
        message = {"data": [{"type": "campaign-message", "attributes": {"definition": content}}]}
        given = {"name": "Crowd", "audiences": {"included": [self.lists[0]]}, "campaign-messages": message}
        return "POST", "/api/campaigns", body("campaign", given)


def table(box: InProcess, sql: str, *values: Any) -> list[Any]:
    with box.sandbox.store.change() as db:
        return [tuple(row) for row in db.execute(sql, values).fetchall()]


@pytest.fixture(scope="module")
def crowd() -> Any:
    with sandbox_in_process(60, now=lambda: NOON, speed=20) as box, box.client() as client:
        found = Crowd(box, client)
        for number, what in enumerate(found.chance.choices(list(MIX), list(MIX.values()), k=WRITES)):
            found.act(what)
            if number % 100 == 99:
                box.advance(30)
        box.advance(7200)
        client.get("/api/lists")
        yield found


def test_every_kind_of_write_took_part(crowd: Crowd) -> None:
    assert set(crowd.done) == set(MIX)
    assert min(crowd.done.values()) > 5


def test_members_are_who_joined_and_did_not_leave(crowd: Crowd) -> None:
    sql = "SELECT p.id FROM member m JOIN circle c ON c.n = m.circle JOIN profile p ON p.n = m.profile WHERE c.id = ?"
    for row in list(every_page(crowd.client, "/api/lists")):
        crowd.box.sandbox.meter.forget()
        address = f"/api/lists/{row['id']}"
        told = [p["id"] for p in every_page(crowd.client, f"{address}/profiles", **{"page[size]": 100})]
        assert sorted(told) == sorted(ident for (ident,) in table(crowd.box, sql, row["id"]))
        shown = crowd.client.get(f"{address}?additional-fields[list]=profile_count").json()["data"]
        assert shown["attributes"]["profile_count"] == len(told)


@pytest.mark.parametrize("owned", ["member", "event", "consent", "push_token", "list_suppression"])
def test_nothing_belongs_to_nobody(crowd: Crowd, owned: str) -> None:
    assert not table(crowd.box, f"SELECT * FROM {owned} WHERE profile NOT IN (SELECT n FROM profile)")


def test_tags_are_on_what_is_there(crowd: Crowd) -> None:
    there = {row["id"] for row in every_page(crowd.client, "/api/lists")}
    sql = "SELECT g.object FROM tagging g JOIN thing t ON t.n = g.tag WHERE t.id = ? AND g.kind = 'list'"
    for tag in crowd.tags:
        crowd.box.sandbox.meter.forget()
        told = {r["id"] for r in crowd.client.get(f"/api/tags/{tag}/relationships/lists").json()["data"]}
        # A tagging outlives its list, whose id is never given out again.
        assert told == {ident for (ident,) in table(crowd.box, sql, tag)} & there


def test_jobs_did_all_that_they_were_given(crowd: Crowd) -> None:
    jobs = table(crowd.box, "SELECT n, total, done, failed, status FROM import_job")
    assert len(jobs) > 5
    for number, total, done, failed, status in jobs:
        assert (status, done + failed) == ("complete", total)
        assert table(crowd.box, "SELECT count(*) FROM import_row WHERE job = ? AND error IS NOT NULL", number) == [
            (failed,)
        ]


def test_reports_count_the_events_that_there_are(crowd: Crowd) -> None:
    ((number, ident),) = table(crowd.box, "SELECT n, id FROM metric WHERE name = 'Crowded'")
    given = {"metric_id": ident, "measurements": ["count", "unique"], "interval": "month"}
    bounds = ["greater-or-equal(datetime,2026-11-01T00:00:00)", "less-than(datetime,2026-12-31T00:00:00)"]
    answer = crowd.client.post("/api/metric-aggregates", json=body("metric-aggregate", {**given, "filter": bounds}))
    counted = table(crowd.box, "SELECT count(*) FROM event WHERE metric = ?", number)
    assert [(int(sum(answer.json()["data"]["attributes"]["data"][0]["measurements"]["count"])),)] == counted
