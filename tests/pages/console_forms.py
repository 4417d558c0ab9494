"""What a browser would post from a console page, and bodies and ids to fill it with."""

from html.parser import HTMLParser
from random import Random
from typing import Any

from klaviyo_admin.console import drafts, shapes
from klaviyo_admin.klaviyo.catalogue import Operation, operations
from tests.fakes import InProcess
from tests.sandbox.bodies import Maker

Data = dict[str, list[str]]
OWNERS = {o.path.split("/")[2]: o.kind for o in operations() if o.method == "GET" and o.path.count("/") == 3}
NEEDED = {
    "get_client_review_values_reports": {
        "q/x/group_by": "company_id",
        "q/x/statistics": "average_rating",
        "q/x/timeframe": "all_time",
    },
    "get_campaigns": {"q/raw": "equals(messages.channel,'email')"},
    "get_coupon_codes": {"q/raw": 'any(coupon.id,["WELCOME10"])'},
}


class Fields(HTMLParser):
    """The names and values of the form with the class "console", as a browser sends them without its buttons."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: Data = {}
        self._inside = False
        self._select = self._textarea = ""
        self._options: list[tuple[str, bool]] = []
        self.feed(html)

    def _add(self, name: str, value: str) -> None:
        if name:
            self.found.setdefault(name, []).append(value)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {key: value or "" for key, value in attrs}
        if tag == "form":
            self._inside = "console" in said.get("class", "").split()
        if not self._inside:
            return
        if tag == "input" and said.get("type") != "file" and (said.get("type") != "checkbox" or "checked" in said):
            self._add(said.get("name", ""), said.get("value", ""))
        if tag == "select":
            self._select, self._options = said.get("name", ""), []
        if tag == "option":
            self._options.append((said.get("value", ""), "selected" in said))
        if tag == "textarea":
            self._textarea = said.get("name", "")
            self._add(self._textarea, "")

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self.found[self._textarea][-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._textarea:
            text = self.found[self._textarea][-1]
            # The first line break is the page's; on the wire every line ends in two characters.
            self.found[self._textarea][-1] = text.removeprefix("\n").replace("\n", "\r\n")
            self._textarea = ""
        if tag == "select" and self._inside:
            picked = next((value for value, on in self._options if on), self._options[0][0] if self._options else "")
            self._add(self._select, picked)


def idents(box: InProcess) -> dict[str, list[str]]:
    """Ids of the first things of each kind, also of those that are listed under others only."""
    found: dict[str, list[str]] = {}
    with box.client() as client:
        for operation in operations():
            if operation.method == "GET" and operation.path.startswith("/api/") and operation.path.count("/") == 2:
                box.sandbox.meter.forget()
                asked = {"filter": NEEDED[operation.id]["q/raw"]} if operation.id in NEEDED else None
                rows = client.get(operation.path, params=asked).json().get("data", [])
                found.setdefault(operation.kind, []).extend(row["id"] for row in rows[:6])
        for operation in operations():
            parts = operation.path.strip("/").split("/")
            if operation.method == "GET" and len(parts) == 4 and not found.get(operation.kind):
                for ident in found.get(OWNERS.get(parts[1], ""), [])[:3]:
                    box.sandbox.meter.forget()
                    data = client.get(operation.path.replace("{id}", ident)).json().get("data") or []
                    rows = data if isinstance(data, list) else [data]
                    found.setdefault(operation.kind, []).extend(row["id"] for row in rows[:3])
        # A job of sending has the id of its campaign, and is kept for those that were sent.
        jobs = [(ident, client.get(f"/api/campaign-send-jobs/{ident}")) for ident in found["campaign"]]
        found["campaign-send-job"] = [ident for ident, answer in jobs if answer.status_code == 200]
    return found


def address(operation: Operation, known: dict[str, list[str]]) -> dict[str, str]:
    """The fields of the operation's address."""
    kind = OWNERS.get(operation.path.split("/")[2], operation.kind)
    path = {
        f"p/{p.name}": str(p.enum[0]) if p.enum else next(iter(known.get(kind, [])), "none")
        for p in operation.parameters
        if p.place == "path"
    }
    company = {"q/x/company_id": "SBXJP1"} if operation.path.startswith("/client/") else {}
    return {**path, **company, **NEEDED.get(operation.id, {})}


def body(operation: Operation, known: dict[str, list[str]], path: dict[str, str]) -> Any:
    """A body that the schema allows and that fields can hold; None where the operation takes none."""
    shape = shapes.of_body(operation)
    for seed in range(60 if shape else 0):
        made = Maker(operation, Random(seed), known, {"id": next(iter(path.values()), "none")}).sound()
        try:
            fields = drafts.write(shape, made) if shape else {}
        except drafts.Unshowable:
            continue
        if not operation.faults(made) and len(fields) < 120:
            return made
    return None
