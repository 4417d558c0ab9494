"""Intent: a write that somebody wants, as a value, before anyone acts on it.

A request may need what an earlier one will be answered: the id of what it creates. A `Ref` stands for it, in the
document and in the path alike:

    made = operation("create_campaign").write(document={"data": {...}})
    told = Ref(1, "/data/relationships/campaign-messages/data/0/id")
    write = operation("assign_template_to_campaign_message").write(document={"data": {"type": ..., "id": told, ...}})
    gone = operation("delete_campaign").write({"id": Ref(1)})          # the pointer is "/data/id" unless told otherwise
    Intent(..., requests=(Request(made), Request(write), ...))          # the order is the order of sending

Requests count from 1, and a Ref names an earlier one of the same Intent. The digest covers the reference, the audit the id
that came for it. A request with a Ref waits for the request it names, and fails, unsent, where that gave no such text. Its
Target is None, or one that exists already: of what does not exist yet there is no before-image.
"""

from dataclasses import dataclass
from typing import Any

from klaviyo_admin.klaviyo.values import Json, Ref, Write

__all__ = ["MERGED", "PEOPLE", "FieldChange", "Follow", "Intent", "Ref", "Request", "Target"]

# Kinds whose name is personal data: the audit names them by id only.
PEOPLE = frozenset({"profile", "event", "conversation", "push-token"})

# A field whose path begins so tells what two things have that become one. Nothing of it can be read again.
MERGED = "merged"


@dataclass(frozen=True, slots=True)
class Target:
    """The thing a request changes, and the read operation that shows it again (`read` takes the path parameter `id`)."""

    type: str
    id: str
    name: str
    read: str = ""

    @property
    def name_on_record(self) -> str:
        """The name for the audit, which outlives personal data: `profile 01H…` for people, the name for all else."""
        if self.type not in PEOPLE:
            return self.name
        return f"{self.type} {self.id}" if self.id else f"a new {self.type}"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One attribute that a request overwrites: its path in `attributes`, what a person calls it, before and after."""

    path: tuple[str, ...]
    label: str
    before: Json
    after: Json


@dataclass(frozen=True, slots=True)
class Follow:
    """How to follow the remote job that an accepted request starts.

    The answer's `data.id` fills `parameter` of the read operation `job` until `attributes.status` is `complete` or
    `cancelled`; then the pages of the read operation `errors` (path parameter `id`) are the rows that failed.
    """

    job: str
    parameter: str
    errors: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """One request of an Intent: the exact write, what it overwrites where, and how to follow it.

    `counts` says how many things it touches (profiles of a bulk body). `target` is None for a write without one subject.
    """

    write: Write
    target: Target | None = None
    fields: tuple[FieldChange, ...] = ()
    follow: Follow | None = None
    counts: int = 1


@dataclass(frozen=True, slots=True)
class Intent:
    """`sentence` says in plain English what will happen; the words `{target}` stand for the target's name.

    action: "<area>.<verb>", for example "profiles.edit". `details` holds facts that a page may show beside the
    requests (for example the file name and row counts of an upload); no personal data.
    """

    action: str
    sentence: str
    requests: tuple[Request, ...]
    target: Target | None = None
    details: tuple[tuple[str, Any], ...] = ()

    def aloud(self) -> str:
        """The sentence for people at the screen, with the target's name."""
        return self.sentence.replace("{target}", self.target.name if self.target else "")

    def on_record(self) -> str:
        """The sentence for the audit, in which a person is named by id only."""
        return self.sentence.replace("{target}", self.target.name_on_record if self.target else "")
