"""What a console form holds at one moment: the address, the body as fields or as JSON, and what is wrong with either."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, QueryDict

from klaviyo_admin import api
from klaviyo_admin.accounts.models import Account
from klaviyo_admin.console import asking, drafts, nodes, shapes, snippets
from klaviyo_admin.klaviyo import multipart, secrets
from klaviyo_admin.klaviyo.bodies import Fault
from klaviyo_admin.klaviyo.catalogue import Operation
from klaviyo_admin.klaviyo.values import Json, Write
from klaviyo_admin.pages import console_words
from klaviyo_admin.pages.act import Planned

FILE = "b/file"
LARGEST_FILE = 5 * 1024 * 1024  # bytes of a picture that Klaviyo takes
_LACKS = re.compile(r"lacks “(.+)”")


@dataclass(slots=True)
class Form:
    """`faults` by the name of a field, "json" for the body as JSON; `as_json` which of both views of the body is on show;
    `why` what is said of a write beside it."""

    account: Account
    found: Operation
    typed: QueryDict
    draft: dict[str, str]
    shape: shapes.Shape | None
    why: Planned
    as_json: bool = False
    json_text: str = ""
    file: "UploadedFile[Any] | None" = None
    asked: asking.Asked = field(default_factory=asking.Asked)
    document: Json = None
    faults: dict[str, list[str]] = field(default_factory=dict)
    note: str = ""
    checked: bool = False

    @property
    def fields(self) -> asking.Typed:
        return dict(self.typed.lists())

    def check(self) -> bool:
        """Reads everything that was typed; whether it can be sent as it is."""
        self.checked = True
        self.asked = asking.ask(self.found, self.fields)
        self.faults = {name: [said] for name, said in self.asked.faults.items()}
        if self.shape is not None:
            self._read_json() if self.as_json else self._read_fields(self.shape)
        return not self.faults

    def body(self) -> bytes:
        """The bytes of a checked body: of JSON exactly as it was typed there."""
        if self.file is not None:
            name = self.file.name or snippets.PICTURE
            return multipart.form(self.parts(), name, self.file.read(), self.file.content_type or "")
        if self.as_json:
            return self.json_text.encode()
        return b"" if self.document is None else orjson.dumps(self.document)

    def write(self) -> Write:
        """The complete request of a checked form. Raises BadBody, BadQuery."""
        if self.shape is None:
            return self.found.write(self.asked.path, query=self.asked.query)
        return self.found.write(self.asked.path, body=self.body(), query=self.asked.query)

    def parts(self) -> dict[str, str]:
        """The fields beside the file of a body that carries one."""
        given = self.document if isinstance(self.document, dict) else {}
        return {name: drafts.shown(value) for name, value in given.items() if name != "file"}

    def turn(self, to_json: bool) -> None:
        """Shows the body in the other view, unless that view cannot hold what was typed."""
        if self.shape is None or self.found.media or to_json == self.as_json:
            return
        if to_json:
            reading = drafts.read(self.shape, self.draft)
            self.as_json = not reading.faults
            self.json_text = console_words.pretty(reading.document)
            self.faults = _by_place(reading.faults, reading.places)
        else:
            self._to_fields(self.shape)

    def wire(self) -> snippets.Wire:
        """The request as far as it is known, for other hands."""
        if not self.checked:
            said, self.faults = self.faults, {}
            self.check()
            self.faults = said  # what nobody asked to check is not complained about
        host = settings.KLAVIYO_HOSTS[self.account.place]
        address = self.found.path if self.asked.faults else self.found.url(self.asked.path, self.asked.query)
        body = self.json_text if self.as_json else console_words.pretty(self.document)
        return snippets.Wire(
            self.found.method,
            host + address,
            api.revision(),
            "" if self.document is None or self.found.media else secrets.masked(body),
            (self.file.name or "") if self.file else "",
            tuple(self.parts().items()),
        )

    def tree(self) -> tuple[nodes.Node | None, Mapping[str, str]]:
        """The body's fields and what else the form keeps. A form of too many fields goes on as JSON."""
        if self.shape is None:
            return None, {}
        if not self.as_json:
            try:
                return nodes.tree(self.shape, self.draft, self.faults)
            except nodes.TooMany:
                self.note = "This body has too many fields for a form, so it goes on as JSON."
                self.turn(to_json=True)
        return None, {}

    def _read_fields(self, shape: shapes.Shape) -> None:
        reading = drafts.read(shape, self.draft)
        self.document = reading.document
        if self.found.media:
            self._read_file()
        own = {fault.pointer for fault in reading.faults}
        found = [fault for fault in self.found.faults(self.document) if fault.pointer not in own]
        _join(self.faults, _by_place([*reading.faults, *found], reading.places))

    def _read_file(self) -> None:
        if isinstance(self.document, dict):
            self.document = {**self.document, **({"file": self.file.name} if self.file else {})}
        if self.file is not None and (self.file.size or 0) > LARGEST_FILE:
            said = f"“{self.file.name}” has {(self.file.size or 0) / 1e6:.1f} MB; choose a picture of at most 5 MB."
            self.faults[FILE] = [said]

    def _read_json(self) -> None:
        try:
            self.document = orjson.loads(self.json_text.encode("utf-8", "surrogatepass"))
        except orjson.JSONDecodeError as error:
            place = f"line {error.lineno}, column {error.colno}"
            self.faults["json"] = [f"This is no JSON: {error.msg} ({place})."]
            return
        if found := [str(fault) for fault in self.found.faults(self.document)]:
            self.faults["json"] = found

    def _to_fields(self, shape: shapes.Shape) -> None:
        self._read_json()
        if "json" in self.faults and self.document is None:
            return
        self.faults.pop("json", None)
        try:
            draft = drafts.write(shape, self.document)
            nodes.tree(shape, draft, {})
        except drafts.Unshowable as error:
            self.note = f"The form cannot show this body, so it stays JSON: {error}"
        except nodes.TooMany:
            self.note = "This body has too many fields for a form, so it stays JSON."
        else:
            self.draft, self.as_json, self.json_text = draft, False, ""


def begun(request: HttpRequest, account: Account, found: Operation) -> Form:
    """The form as it was sent; else as the address fills it in (`?p/id=…`), empty otherwise."""
    posted = request.method == "POST"
    typed = (request.POST if posted else request.GET).copy()
    if not posted and account.klaviyo_id and any(p.name == "company_id" for p in found.parameters):
        typed.setdefault("q/x/company_id", account.klaviyo_id)
    draft = {key: value for key in typed if key.startswith(drafts.ROOT) and isinstance(value := typed[key], str)}
    # Only who proposes is told what is missing there.
    why = Planned(typed if typed.get("do") == "propose" else None, initial=typed.dict(), account=account)
    form = Form(account, found, typed, draft, shapes.of_body(found), why)
    form.as_json = typed.get("view") == "json" and form.shape is not None and not found.media
    form.json_text = typed.get("json") or ""
    given = request.FILES.get(FILE)
    form.file = given if isinstance(given, UploadedFile) else None
    _name_itself(form)
    return form


def _name_itself(form: Form) -> None:
    """An update repeats in its body the id of its address: nobody should have to type it twice."""
    path = form.found.path
    ident = asking.text(form.fields, "p/id")
    if form.found.method != "PATCH" or not path.endswith("/{id}") or form.shape is None or not ident:
        return
    data = form.shape.members.get("data")
    if data is not None and data.kind == "object" and "id" in data.members and not form.draft.get("b/data/id"):
        form.draft["b/data/id"] = ident


def _by_place(faults: Sequence[Fault], places: Mapping[str, str]) -> dict[str, list[str]]:
    """Sentences by the place of the field that they are about; what is missing is said at its own field."""
    found: dict[str, list[str]] = {}
    for fault in faults:
        lacks = _LACKS.fullmatch(fault.message)
        pointer = f"{fault.pointer}/{lacks[1]}" if lacks else fault.pointer
        said = f"{pointer or '/'} is empty, and Klaviyo needs it." if lacks else str(fault)
        while pointer not in places and pointer:
            pointer = pointer.rpartition("/")[0]
        found.setdefault(places.get(pointer, drafts.ROOT), []).append(f"{said.rstrip('.')}.")
    return found


def _join(faults: dict[str, list[str]], more: Mapping[str, Sequence[str]]) -> None:
    for name, said in more.items():
        faults.setdefault(name, []).extend(said)
