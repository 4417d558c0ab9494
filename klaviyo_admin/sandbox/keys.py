"""Who may knock: the sandbox's keys, their accounts and scopes. None of them opens anything else."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from klaviyo_admin.sandbox.refusals import invalid, refused

FULL_ACCESS = "pk_sandbox_full_access"
READ_ONLY = "pk_sandbox_read_only"
NO_PROFILES = "pk_sandbox_no_profiles"
HARBOUR = "pk_sandbox_harbour"

JUNIPER, COFFEE = "SBXJP1", "SBXHC2"
_SCHEME = "Klaviyo-API-Key "


@dataclass(frozen=True, slots=True)
class Key:
    """`lacks` holds beginnings and ends of scopes that the key was not given (":write", "profiles:")."""

    account: str
    lacks: tuple[str, ...] = ()

    def missing(self, scopes: Iterable[str]) -> tuple[str, ...]:
        return tuple(s for s in scopes for part in self.lacks if s.startswith(part) or s.endswith(part))


KEYS: Mapping[str, Key] = {
    FULL_ACCESS: Key(JUNIPER),
    READ_ONLY: Key(JUNIPER, (":write",)),
    NO_PROFILES: Key(JUNIPER, ("profiles:",)),
    HARBOUR: Key(COFFEE),
}


_PUBLIC = "/client/"  # where no key is asked for, only whose page it is
_FOR_ANYBODY = "/client/ip-allowlists/"


def key_for(target: str, headers: Mapping[str, str]) -> Key:
    """The key of a request to this path and query. Raises Refusal (401, or 400 where a company is missing)."""
    path, _, query = target.partition("?")
    if not path.startswith(_PUBLIC):
        return key_of(headers)
    given = dict(parse_qsl(query)).get("company_id", "")
    if not given and path.startswith(_FOR_ANYBODY):
        return Key(JUNIPER)
    if given not in (JUNIPER, COFFEE):
        raise invalid(f"'{given}' is not a valid company_id.", parameter="company_id")
    return Key(given)


def key_of(headers: Mapping[str, str]) -> Key:
    """The key of a request. Raises Refusal (401)."""
    given = headers.get("authorization", "")
    if not given.startswith(_SCHEME):
        raise refused("not_authenticated", "Missing or invalid authorization scheme. Please use Klaviyo-API-Key.")
    key = KEYS.get(given.removeprefix(_SCHEME).strip())
    if key is None:
        raise refused("authentication_failed")
    return key
