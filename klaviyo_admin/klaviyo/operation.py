"""One operation of Klaviyo's API: its facts, the addresses it answers at, and the writes it takes."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

import orjson

from klaviyo_admin.klaviyo.bodies import BadBody, Body, Fault
from klaviyo_admin.klaviyo.facts import FilterField, Limits, Parameter
from klaviyo_admin.klaviyo.gaps import in_body, in_path
from klaviyo_admin.klaviyo.values import Json, Query, Ref, Write

Names = Mapping[str, tuple[str, ...]]
_AS_WRITTEN = {"url": "URL", "ids": "IDs", "sms": "SMS"}


class BadQuery(ValueError):
    """A path or query that the operation does not take; the message is a sentence for a person."""


@dataclass(frozen=True, slots=True)
class Operation:
    """The facts of one operation. `path` is a template ("/api/profiles/{id}"), `kind` the JSON:API type of its data.

    risk: read, reversible, destructive, sends, privacy.  retry: S safe to repeat, U keyed by a unique id, C a repeat
    conflicts, V look before repeating, N never.  undo: exact, delete-created, re-create, compensate, irreversible, "".
    page_max is None where no page size can be asked; cursor is the name of the cursor parameter, "" without paging.
    """

    id: str
    area: str
    method: str
    path: str
    parameters: tuple[Parameter, ...]
    filters: tuple[FilterField, ...]
    filter_required: bool
    sorts: tuple[str, ...]
    includes: tuple[str, ...]
    fields: Names
    additional_fields: Names
    cursor: str
    page_default: int | None
    page_max: int | None
    successes: tuple[int, ...]
    limits: Limits
    scopes: tuple[str, ...]
    aliases: tuple[str, ...]
    kind: str
    media: str
    risk: str
    retry: str
    undo: str
    inverse: str
    warning: str
    schema: Callable[[], Body] | None = field(repr=False, compare=False)

    @property
    def writes(self) -> bool:
        return self.risk != "read"

    @property
    def paginated(self) -> bool:
        return bool(self.cursor)

    @property
    def body(self) -> bool:
        """Whether the operation takes a request body."""
        return self.schema is not None

    @property
    def success(self) -> int:
        """The declared success code; the lower one where two are declared. The live service may answer another 2xx."""
        return self.successes[0]

    @property
    def label(self) -> str:
        """The operation's name as words: "Update profile"."""
        words = [_AS_WRITTEN.get(word, word) for word in self.id.split("_")]
        return " ".join([words[0].capitalize(), *words[1:]])

    def url(self, path: Mapping[str, str] | None = None, query: Query | None = None) -> str:
        """Path and query string with everything percent-encoded; BadQuery for what the operation does not take."""
        asked = "&".join(
            f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in self._asked(query or Query())
        )
        return self._filled(path or {}) + (f"?{asked}" if asked else "")

    def faults(self, document: Json) -> tuple[Fault, ...]:
        """What is wrong with a parsed body, by place; empty when it may be sent."""
        if self.schema is None:
            return () if document is None else (Fault("", f"is not empty, but {self.id} takes no body"),)
        return self.schema().faults(document)

    def write(
        self,
        path: Mapping[str, str] | None = None,
        document: Json = None,
        body: bytes | None = None,
        query: Query | None = None,
    ) -> Write:
        """The complete request, checked. Give the parsed `document`, or `body` where its bytes are made already.

        A Ref may stand for any text of the document and for any part of the path. Raises BadBody with every fault, BadQuery for the address. A body of another media type goes as it is.
        """
        if not self.writes:
            raise BadQuery(f"{self.id} reads; it cannot become a write.")
        gaps = (*in_path(self.path, path or {}), *in_body(document))
        if body is None:
            body = b"" if document is None else orjson.dumps(document)
            document = orjson.loads(body) if gaps and document is not None else document
        elif not self.media and document is None:
            document = _parsed(self.id, body)
        if not self.media and (faults := self.faults(document)):
            raise BadBody(self.id, faults)
        return Write(operation=self.id, method=self.method, path=self.url(path, query), body=body, gaps=gaps)

    def _filled(self, values: Mapping[str, str]) -> str:
        wanted = {p.name for p in self.parameters if p.place == "path"}
        if set(values) != wanted:
            raise BadQuery(f"{self.id} takes the path parts {_listed(wanted)}, not {_listed(set(values))}.")
        path = self.path
        for name, value in values.items():
            # A dot segment would be resolved away on the wire and reach another operation.
            if not value or value in (".", ".."):
                raise BadQuery(f"{self.id} cannot be asked for the {name} “{value}”.")
            path = path.replace("{" + name + "}", quote(value, safe=""))
        return path

    def _asked(self, query: Query) -> Iterator[tuple[str, str]]:
        for prefix, given, allowed in (
            ("fields", query.fields, self.fields),
            ("additional-fields", query.additional_fields, self.additional_fields),
        ):
            for kind, names in sorted(given.items()):
                self._demand(f"{prefix}[{kind}]", names, allowed.get(kind, ()))
                yield f"{prefix}[{kind}]", ",".join(names)
        yield from self._selection(query)
        yield from self._paging(query)
        declared = {p.name for p in self.parameters if p.place == "query"}
        for name, value in sorted(query.others.items()):
            self._demand("query", (name,), tuple(declared))
            if isinstance(value, Ref):
                raise BadQuery(f"{self.id} cannot take an earlier answer as {name}.")
            yield name, value

    def _selection(self, query: Query) -> Iterator[tuple[str, str]]:
        if query.filter:
            if not self.filters:
                raise BadQuery(f"{self.id} cannot be filtered.")
            yield "filter", query.filter
        elif self.filter_required:
            raise BadQuery(f"{self.id} needs a filter.")
        if query.include:
            self._demand("include", query.include, self.includes)
            yield "include", ",".join(query.include)
        if query.sort:
            self._demand("sort", (query.sort,), self.sorts)
            yield "sort", query.sort

    def _paging(self, query: Query) -> Iterator[tuple[str, str]]:
        if query.cursor:
            if not self.cursor:
                raise BadQuery(f"{self.id} has no further pages.")
            yield self.cursor, query.cursor
        if query.size is not None:
            if self.page_max is None:
                raise BadQuery(f"{self.id} does not let the page size be chosen.")
            if not 1 <= query.size <= self.page_max:
                raise BadQuery(f"{self.id} takes page sizes from 1 to {self.page_max}, not {query.size}.")
            yield "page[size]", str(query.size)

    def _demand(self, name: str, given: tuple[str, ...], allowed: tuple[str, ...]) -> None:
        if unknown := set(given) - set(allowed):
            raise BadQuery(f"{self.id} does not take {_listed(unknown)} as {name}; allowed: {_listed(set(allowed))}.")


def _parsed(operation: str, body: bytes) -> Json:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise BadBody(operation, (Fault("", f"is no JSON ({error})"),)) from None


def _listed(names: set[str]) -> str:
    return ", ".join(sorted(names)) or "nothing"
