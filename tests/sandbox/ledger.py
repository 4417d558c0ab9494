"""A second pair of books: what requests about consent, suppression and sending should have done, reckoned in plain Python."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from tests.fakes import InProcess

Json = dict[str, Any]
_WEIGHT = ("HARD_BOUNCE", "INVALID_EMAIL", "SPAM_COMPLAINT", "UNSUBSCRIBE", "USER_SUPPRESSED")
_LASTING = _WEIGHT[:2]


def rows(box: InProcess, name: str) -> list[Json]:
    """A table as it is, every row of it."""
    with box.sandbox.store.change() as db:
        return [dict(row) for row in db.execute(f"SELECT * FROM {name}").fetchall()]


@dataclass
class State:
    """Who is there, by e-mail address: what they said, what keeps letters from them, and which lists they are in."""

    said: dict[str, str]
    suppressed: dict[str, str | None]
    members: dict[str, set[str]]
    left: dict[str, set[str]]  # who unsubscribed from the list alone
    opt_in: dict[str, str]

    @classmethod
    def read(cls, box: InProcess) -> "State":
        people = [row for row in rows(box, "profile") if row["account"] == 1 and row["email"]]
        email = {row["n"]: row["email"] for row in people}
        lists = {row["n"]: row for row in rows(box, "circle") if row["account"] == 1 and row["kind"] == "list"}
        inside: dict[str, dict[str, set[str]]] = {}
        for table in ("member", "list_suppression"):
            inside[table] = {row["id"]: set() for row in lists.values()}
            for row in rows(box, table):
                if row["circle"] in lists and row["profile"] in email:
                    inside[table][lists[row["circle"]]["id"]].add(email[row["profile"]])
        return cls(
            {row["email"]: row["email_consent"] for row in people},
            {row["email"]: row["suppression"] for row in people},
            inside["member"],
            inside["list_suppression"],
            {row["id"]: row["opt_in"] for row in lists.values()},
        )

    def meet(self, email: str) -> None:
        self.said.setdefault(email, "NEVER_SUBSCRIBED")
        self.suppressed.setdefault(email, None)

    def imported(self, email: str, circle: str) -> None:
        self.meet(email)
        self.members[circle].add(email)

    def subscribe(self, email: str, circle: str) -> None:
        known, there = email in self.said, circle in self.opt_in
        if there and self.opt_in[circle] == "double_opt_in" and self.said.get(email) != "SUBSCRIBED":
            return
        if not there and not known:
            return
        self.meet(email)
        self.said[email] = "SUBSCRIBED"
        if self.suppressed[email] not in _LASTING:
            self.suppressed[email] = None
        if there:
            self.members[circle].add(email)
            self.left[circle].discard(email)

    def unsubscribe(self, email: str, circle: str) -> None:
        if email in self.members.get(circle, ()):
            self.members[circle].discard(email)
            self.left[circle].add(email)
        elif email in self.said:
            self.said[email] = "UNSUBSCRIBED"
            reasons = [why for why in (self.suppressed[email], "UNSUBSCRIBE") if why]
            self.suppressed[email] = min(reasons, key=_WEIGHT.index)

    def suppress(self, email: str) -> bool:
        self.meet(email)
        fresh = self.suppressed[email] is None
        if fresh:
            self.suppressed[email] = "USER_SUPPRESSED"
        return fresh

    def unsuppress(self, email: str) -> bool:
        lifted = self.suppressed.get(email) == "USER_SUPPRESSED"
        if lifted:
            self.suppressed[email] = None
        return lifted

    def reached(self, included: list[str], excluded: list[str]) -> set[str]:
        """Who gets a letter to these lists."""
        some = {email for ident in included for email in self.members.get(ident, set()) - self.left.get(ident, set())}
        barred = {email for ident in excluded for email in self.members.get(ident, ())}
        return {e for e in some - barred if self.suppressed[e] is None and self.said[e] != "UNSUBSCRIBED"}


@dataclass
class Ledger:
    """What was asked for since the clock last moved, and what has been found to agree."""

    imports: list[tuple[str, str]] = field(default_factory=list)
    consents: list[tuple[str, str, str]] = field(default_factory=list)  # verb, address, list or ""
    suppressions: list[tuple[str, list[str], str]] = field(default_factory=list)  # verb, addresses, job
    sends: list[tuple[str, list[str], list[str]]] = field(default_factory=list)  # message, lists in, lists out
    agreed: Counter[str] = field(default_factory=Counter)

    def settle(self, box: InProcess, move: Any) -> None:
        """Moves the clock, and compares what it did with what it should have done. Jobs go in this order: imports,
        consent, suppressions, campaigns; within a kind as they came."""
        expected = State.read(box)
        move()
        for email, circle in self.imports:
            expected.imported(email, circle)
        for verb, email, circle in self.consents:
            getattr(expected, verb)(email, circle)
        counts = [self._suppressed(expected, *job) for job in self.suppressions]
        found = State.read(box)
        assert found == expected
        jobs = {row["id"]: row for row in rows(box, "suppression_job")}
        for ident, total, done in counts:
            job = jobs[ident]
            assert (job["status"], job["total"], job["done"], job["skipped"]) == ("complete", total, done, total - done)
        for message, included, excluded in self.sends:
            assert received(box, message) == expected.reached(included, excluded)
        for name in ("imports", "consents", "suppressions", "sends"):
            self.agreed[name] += len(getattr(self, name))
            getattr(self, name).clear()

    def _suppressed(self, expected: State, verb: str, emails: list[str], ident: str) -> tuple[str, int, int]:
        act = expected.suppress if verb == "create" else expected.unsuppress
        return ident, len(emails), sum([act(email) for email in emails])


def received(box: InProcess, message: str) -> set[str]:
    """Addresses of those who have an event of having received the message."""
    sql = (
        "SELECT p.email FROM event e JOIN profile p ON p.n = e.profile JOIN metric m ON m.n = e.metric "
        "WHERE m.name = 'Received Email' AND e.unique_id = ?"
    )
    with box.sandbox.store.change() as db:
        return {row["email"] for row in db.execute(sql, (message,)).fetchall()}
