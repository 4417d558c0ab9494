"""A crowd of chance: one write after another, of whatever kind, with books kept of what each should do."""

from collections import Counter
from random import Random
from typing import Any

import httpx

from tests.fakes import InProcess
from tests.sandbox.conftest import body, every_page
from tests.sandbox.ledger import Ledger, rows
from tests.sandbox.test_catalogs import ITEM, one, resource
from tests.sandbox.test_coupons import code
from tests.sandbox.test_segments import did, segment

PEOPLE = 150
BUSY = 2  # times that somebody does something who counts as busy
Json = dict[str, Any]
MIX = {"profile": 20, "join": 20, "leave": 12, "event": 25, "tag": 8, "untag": 5, "import": 2, "list": 3, "drop": 1}
MIX |= {"consent": 8, "suppress": 3, "erase": 1, "campaign": 1, "send": 1, "goods": 2, "codes": 2}
LETTERS = ("Received Email", "Opened Email", "Clicked Email", "Bounced Email", "Unsubscribed", "Marked Email as Spam")
FORMS = ("Viewed Form", "Submitted Form", "Closed Form", "Viewed Form Step")


class Crowd:
    """Does one write after another, of whatever kind."""

    def __init__(self, box: InProcess, client: httpx.Client) -> None:
        self.box, self.client, self.chance = box, client, Random(11)
        self.people = [row["id"] for row in every_page(client, "/api/profiles")]
        self.lists = [row["id"] for row in every_page(client, "/api/lists")]
        self.tags = [row["id"] for row in every_page(client, "/api/tags")]
        self.mails = [row["email"] for row in rows(box, "profile") if row["account"] == 1 and row["email"]]
        # The message ids of flows, so that what becomes of their letters can be told.
        self.flows = [row["id"] for row in rows(box, "thing") if (row["kind"], row["account"]) == ("flow-message", 1)]
        self.whole_flows = [row["id"] for row in rows(box, "thing") if (row["kind"], row["account"]) == ("flow", 1)]
        self.versions = [row for row in rows(box, "thing") if (row["kind"], row["account"]) == ("form-version", 1)]
        self.form_of = {row["n"]: row["id"] for row in rows(box, "thing") if row["kind"] == "form"}
        self.template = client.get("/api/templates").json()["data"][0]["id"]
        self.coupon = self._post("/api/coupons", body("coupon", {"external_id": "CROWD"}))["id"]
        self.ledger, self.done = Ledger(), Counter[str]()
        self.segments = self._observe()

    def _post(self, path: str, document: Json) -> Json:
        answer = self.client.post(path, json=document)
        assert answer.status_code in (200, 201), answer.text
        found: Json = answer.json()["data"]
        return found

    def _observe(self) -> dict[str, str]:
        """Segments of those who often did something, and of those who are in a list."""
        self.act("event", name="Crowded")
        metric = next(row["id"] for row in rows(self.box, "metric") if row["name"] == "Crowded")
        inside = {"type": "profile-group-membership", "is_member": True, "group_ids": [self.lists[0]]}
        definitions = {"busy": did(metric, BUSY), "inside": inside}
        return {name: segment(self.client, [condition]) for name, condition in definitions.items()}

    def settle(self, seconds: float) -> None:
        """Moves the clock, and holds what came of it against the second pair of books."""

        def move() -> None:
            self.box.advance(seconds)
            self.box.sandbox.tick()

        self.ledger.settle(self.box, move)

    def act(self, what: str, **more: Any) -> None:
        method, path, document, *asked = getattr(self, f"_{what}")(**more)
        answer = self.client.request(method, path, json=document)
        if asked and answer.status_code == 202:
            asked[0](answer)
        # A list may have only one tag of an exclusive group; what was dropped or erased is not found.
        assert answer.status_code in (200, 201, 202, 204, 404, 409) or what == "tag", (what, answer.text)
        self.done[what] += answer.status_code < 300
        kept = {"profile": self.people, "list": self.lists}.get(what)
        if kept is not None and answer.status_code in (200, 201):
            kept.append(answer.json()["data"]["id"])

    def _mail(self) -> str:
        known = self.chance.random() < 0.2
        return str(self.chance.choice(self.mails)) if known else f"crowd{self.chance.randrange(PEOPLE)}@example.com"

    def _some(self) -> Json:
        return {"data": [{"type": "profile", "id": ident} for ident in {*self.chance.choices(self.people, k=3)}]}

    def _profile(self) -> Any:
        return "POST", "/api/profile-import", body("profile", {"email": self._mail()})

    def _join(self) -> Any:
        return "POST", f"/api/lists/{self.chance.choice(self.lists)}/relationships/profiles", self._some()

    def _leave(self) -> Any:
        return "DELETE", f"/api/lists/{self.chance.choice(self.lists)}/relationships/profiles", self._some()

    def _event(self, name: str = "") -> Any:
        name = name or self.chance.choice(("Crowded", "Crowded", "Placed Order", *LETTERS, *FORMS))
        told: Json = {}
        if name in LETTERS:
            told = {"$message": self.chance.choice(self.flows)}
        elif name in FORMS:
            version = self.chance.choice(self.versions)
            told = {"form_id": self.form_of[version["parent"]], "form_version_id": version["id"]}
        about = {"metric": body("metric", {"name": name}), "profile": body("profile", {"email": self._mail()})}
        worth = {"value": self.chance.randrange(1, 90) + 0.25} if name == "Placed Order" else {}
        once = f"o{self.chance.randrange(2000)}"
        return "POST", "/api/events", body("event", {"properties": told, **about, **worth, "unique_id": once})

    def _labelled(self) -> tuple[str, Json]:
        kind = self.chance.choice(("list", "flow"))
        ident = self.chance.choice(self.lists if kind == "list" else self.whole_flows)
        path = f"/api/tags/{self.chance.choice(self.tags)}/relationships/{kind}s"
        return path, {"data": [{"type": kind, "id": ident}]}

    def _tag(self) -> Any:
        return "POST", *self._labelled()

    def _untag(self) -> Any:
        return "DELETE", *self._labelled()

    def _import(self) -> Any:
        mails = [self._mail() for _ in range(8)]
        people = [{"type": "profile", "attributes": {"email": email}} for email in (*mails, "no address")]
        lists = {"lists": {"data": [{"type": "list", "id": self.lists[0]}]}}
        sent = body("profile-bulk-import-job", {"profiles": {"data": people}}, relationships=lists)
        note = [(email, self.lists[0]) for email in mails]
        return "POST", "/api/profile-bulk-import-jobs", sent, lambda answer: self.ledger.imports.extend(note)

    def _list(self) -> Any:
        process = self.chance.choice(("single_opt_in", "double_opt_in"))
        return "POST", "/api/lists", body("list", {"name": "Crowd", "opt_in_process": process})

    def _drop(self) -> Any:
        return "DELETE", f"/api/lists/{self.chance.choice(self.lists[1:])}", None

    def _consent(self) -> Any:
        verb, kind, said = self.chance.choice(
            (("subscribe", "create", "SUBSCRIBED"), ("unsubscribe", "delete", "UNSUBSCRIBED"))
        )
        wish = {"email": {"marketing": {"consent": said}}}
        mails = [self._mail() for _ in range(self.chance.randrange(1, 4))]
        people = [{"type": "profile", "attributes": {"email": email, "subscriptions": wish}} for email in mails]
        circle = self.chance.choice(("", self.lists[0], *self.lists[-2:]))
        into: Json = {"relationships": {"list": {"data": {"type": "list", "id": circle}}}} if circle else {}
        job = f"profile-subscription-bulk-{kind}-job"
        note = [(verb, email, circle) for email in mails]
        sent = body(job, {"profiles": {"data": people}}, **into)
        return "POST", f"/api/{job}s", sent, lambda answer: self.ledger.consents.extend(note)

    def _suppress(self) -> Any:
        verb = self.chance.choice(("create", "delete"))
        mails = [self._mail() for _ in range(self.chance.randrange(1, 4))]
        people = [{"type": "profile", "attributes": {"email": email}} for email in mails]
        job = f"profile-suppression-bulk-{verb}-job"

        def note(answer: httpx.Response) -> None:
            self.ledger.suppressions.append((verb, mails, answer.json()["data"]["id"]))

        return "POST", f"/api/{job}s", body(job, {"profiles": {"data": people}}), note

    def _erase(self) -> Any:
        profile = body("profile", {"email": self._mail()})
        return "POST", "/api/data-privacy-deletion-jobs", body("data-privacy-deletion-job", {"profile": profile})

    def _draft(self, included: list[str], excluded: list[str]) -> Json:
        content = {"channel": "email", "content": {"subject": "Hi", "from_email": "a@example.com"}}
        message = {"data": [{"type": "campaign-message", "attributes": {"definition": content}}]}
        audiences = {"included": included, "excluded": excluded}
        options = {"send_options": {"use_smart_sending": False}}
        return body("campaign", {"name": "Crowd", "audiences": audiences, "campaign-messages": message, **options})

    def _campaign(self) -> Any:
        return "POST", "/api/campaigns", self._draft([self.lists[0]], [])

    def _send(self) -> Any:
        included, excluded = [self.lists[0], self.lists[1 + self.chance.randrange(2)]], self.lists[-1:]
        gone = {row["id"] for row in rows(self.box, "circle")}
        included, excluded = ([i for i in some if i in gone] for some in (included, excluded))
        made = self._post("/api/campaigns", self._draft(included, excluded))
        message = made["relationships"]["campaign-messages"]["data"][0]["id"]
        wanted = {"template": {"data": {"type": "template", "id": self.template}}}
        self._post(
            "/api/campaign-message-assign-template",
            {"data": {"type": "campaign-message", "id": message, "relationships": wanted}},
        )
        sent = {"data": {"type": "campaign-send-job", "id": made["id"]}}
        note = (message, included, excluded)
        return "POST", "/api/campaign-send-jobs", sent, lambda answer: self.ledger.sends.append(note)

    def _goods(self) -> Any:
        """Some are there already, or not there any more: their rows fail."""
        verb, number = self.chance.choice(("create", "delete")), self.chance.randrange(30)
        names = [f"crowd{number + more}" for more in range(3)]
        items = [resource(ITEM, name) if verb == "create" else one(ITEM, name) for name in names]
        job = f"{ITEM}-bulk-{verb}-job"
        return "POST", f"/api/{job}s", body(job, {"items": {"data": items}})

    def _codes(self) -> Any:
        codes = [code(f"C{self.chance.randrange(400)}", self.coupon)["data"] for _ in range(5)]
        job = "coupon-code-bulk-create-job"
        return "POST", f"/api/{job}s", body(job, {"coupon-codes": {"data": codes}})
