"""The shapes of an operation's facts: frozen values without behaviour."""

from collections.abc import Mapping
from dataclasses import dataclass

from klaviyo_admin.klaviyo.values import Json


@dataclass(frozen=True, slots=True)
class Reduced:
    """Lower limits that hold when a parameter is used; `when` reads "include=list"."""

    when: str
    burst: int | None
    minute: int | None

    def applies(self, asked: Mapping[str, str]) -> bool:
        """Whether a request with these query parameters is one of those."""
        name, _, value = self.when.partition("=")
        # The limits speak of "include=list" where the parameter is written "include=lists".
        return bool({value, f"{value}s"} & set(asked.get(name, "").split(",")))


@dataclass(frozen=True, slots=True)
class Limits:
    """Requests allowed per second, minute and day; None where no such window is declared."""

    burst: int | None = None
    minute: int | None = None
    day: int | None = None
    reduced: tuple[Reduced, ...] = ()


@dataclass(frozen=True, slots=True)
class Parameter:
    """One declared parameter. `place` is "path", "query" or "header"; for an array, `enum` holds what its items may be."""

    name: str
    place: str
    type: str = "string"
    required: bool = False
    enum: tuple[Json, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    default: Json = None


@dataclass(frozen=True, slots=True)
class FilterField:
    """One field that may be filtered by. `operators` says for each what it takes: "single", "list" or "none"."""

    name: str
    operators: Mapping[str, tuple[str, ...]]
    type: str = "string"
    format: str = ""
    enum: tuple[Json, ...] = ()


@dataclass(frozen=True, slots=True)
class Judgement:
    """What no document states, judged by hand in judgements.tsv."""

    risk: str
    retry: str
    undo: str
    inverse: str
    warning: str


# A write that nobody has judged is treated as the worst there is.
UNJUDGED = Judgement(
    "destructive",
    "N",
    "irreversible",
    "",
    "Nobody has judged yet what this can do. Read Klaviyo's documentation first.",
)
READ = Judgement("read", "S", "", "", "")
