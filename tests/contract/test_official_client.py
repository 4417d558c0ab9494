"""The catalogue against an independent reading: docstrings and signatures of Klaviyo's own Python client.

The client is made from the same document by other people's generator, which prints limits and scopes as words for
readers, while the catalogue reads its machine-readable extensions. Where both agree, neither is misread.
"""

import ast
import importlib.util
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from klaviyo_admin.klaviyo.catalogue import Limits, Operation, Reduced, operation, operations
from klaviyo_admin.klaviyo.session import REVISION

# The client leaves out what belongs into a browser or an app. Their limits, as Klaviyo's reference pages print them:
BROWSER_ONLY = {
    "bulk_create_client_events": (10, 150),
    "create_client_back_in_stock_subscription": (350, 3500),
    "create_client_event": (350, 3500),
    "create_client_profile": (350, 3500),
    "create_client_push_token": (150, 1400),
    "create_client_review": (10, 150),
    "create_client_subscription": (350, 750),
    "get_client_geofences": (3, 60),
    "get_client_review_values_reports": (10, 150),
    "get_client_reviews": (10, 150),
    "unregister_client_push_token": (10, 150),
}
# Klaviyo contradicts itself: its text says 100 a day, its machine-readable limit 500. A refusal would teach us.
TOLD_OTHERWISE = {"upload_image_from_file": Limits(3, 100, 100)}

_RATE = re.compile(r"`(\d+)/([smd])`")
_REDUCED = re.compile(r"Rate limits when using the `([^`]+)` parameter[^:]*:<br>(.*?)(?=<br><br>|\*\*|$)")
_PAGE = re.compile(r"page_size: .*?le=(\d+).*?ge=(\d+).*?Default: (\d+)\. Min: (\d+)\. Max: (\d+)\.")


class Method(NamedTuple):
    """One method of the official client."""

    signature: str
    text: str


@cache
def client() -> tuple[dict[str, Method], dict[str, str]]:
    """Every method by name, and every alias with what it stands for, read from the source."""
    found = importlib.util.find_spec("openapi_client")
    assert found
    assert found.origin
    methods: dict[str, Method] = {}
    aliases: dict[str, str] = {}
    for path in sorted((Path(found.origin).parent / "api").glob("*_api.py")):
        (made,) = (node for node in ast.parse(path.read_text()).body if isinstance(node, ast.ClassDef))
        for node in made.body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                if not node.name.endswith(("_with_http_info", "_without_preload_content")):
                    text = (ast.get_docstring(node) or "").partition(":param")[0]
                    methods[node.name] = Method(ast.unparse(node.args), text)
            elif isinstance(node, ast.Assign):
                aliases[ast.unparse(node.targets[0])] = ast.unparse(node.value)
    return methods, {alias: name for alias, name in aliases.items() if name in methods}


def read_limits(text: str) -> Limits:
    plain = _REDUCED.sub("", text).partition("*Rate limits*:")[2].partition("**Scopes")[0]
    rates = {unit: int(number) for number, unit in _RATE.findall(plain)}
    reduced = []
    for when, said in _REDUCED.findall(text):
        lower = {unit: int(number) for number, unit in _RATE.findall(said)}
        reduced.append(Reduced(when, lower.get("s"), lower.get("m")))
    return Limits(rates.get("s"), rates.get("m"), rates.get("d"), tuple(reduced))


def read_scopes(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"`([a-z-]+:[a-z]+)`", text.partition("**Scopes:**")[2].partition("[OpenAPI")[0]))


def read_page(signature: str) -> tuple[int | None, int | None]:
    """The default and the largest page size."""
    found = _PAGE.search(signature)
    if found is None:
        assert "page_size:" not in signature, signature
        return None, None
    le, ge, default, least, most = map(int, found.groups())
    assert (le, ge, least) == (most, 1, 1)
    return default, most


def by_limits(limits: Limits) -> tuple[object, ...]:
    return limits.burst, limits.minute, limits.day, sorted(limits.reduced, key=lambda reduced: reduced.when)


IN_BOTH = [found for found in operations() if found.id not in BROWSER_ONLY]
IDS = [found.id for found in IN_BOTH]


def test_the_official_client_speaks_our_revision_and_has_all_operations_but_the_browsers() -> None:
    found = importlib.util.find_spec("klaviyo_api.wrapper")
    assert found
    assert found.origin
    assert f'_REVISION = "{REVISION}"' in Path(found.origin).read_text()
    assert len(operations()) == 345
    assert {found.id for found in operations()} - client()[0].keys() == set(BROWSER_ONLY)
    assert not client()[0].keys() - {found.id for found in operations()}
    assert len(IN_BOTH) == 334


@pytest.mark.parametrize("found", IN_BOTH, ids=IDS)
def test_limits_scopes_and_page_sizes_are_what_the_official_client_says(found: Operation) -> None:
    method = client()[0][found.id]
    told = read_limits(method.text)
    assert told.burst, "the docstring names no limit"
    assert by_limits(told) == by_limits(TOLD_OTHERWISE.get(found.id, found.limits))
    assert sorted(read_scopes(method.text)) == sorted(found.scopes)
    assert read_page(method.signature) == (found.page_default, found.page_max)


@pytest.mark.parametrize("name", TOLD_OTHERWISE)
def test_a_known_contradiction_is_still_one(name: str) -> None:
    assert TOLD_OTHERWISE[name] != operation(name).limits


@pytest.mark.parametrize(("name", "rates"), BROWSER_ONLY.items(), ids=BROWSER_ONLY)
def test_limits_of_the_browsers_operations_are_what_the_reference_prints(name: str, rates: tuple[int, int]) -> None:
    found = operation(name)
    assert found.limits == Limits(*rates)
    assert found.path.startswith("/client/")
    # With a public key in the address there are no scopes to lack, whatever the private sibling needs.
    assert "company_id" in {parameter.name for parameter in found.parameters if parameter.place == "query"}


def test_every_alias_of_the_official_client_finds_its_operation() -> None:
    aliases = client()[1]
    assert len(aliases) > 200
    for alias, name in aliases.items():
        assert operation(alias).id == name
