"""The catalogue: every operation is there, is found, builds its address, and cannot be changed."""

import subprocess
import sys
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from klaviyo_admin.klaviyo import catalogue
from klaviyo_admin.klaviyo.catalogue import BadQuery, Operation, UnknownOperation, match, operation
from klaviyo_admin.klaviyo.values import Query

ALL = catalogue.operations()
RISKS = {"read", "reversible", "destructive", "sends", "privacy"}
UNDOS = {"exact", "delete-created", "re-create", "compensate", "irreversible"}
CATALOG_ID = "$custom:::$default:::SHIRT/1?"


def parts(found: Operation) -> dict[str, str]:
    return {p.name: CATALOG_ID for p in found.parameters if p.place == "path"}


def test_the_catalogue_holds_all_operations_of_the_api() -> None:
    assert len(ALL) == 345
    assert len({found.id for found in ALL}) == 345
    assert len(catalogue.areas()) == 23
    assert sum(found.method == "GET" for found in ALL) == 204
    assert sum(found.writes for found in ALL) == 132


def test_an_operation_says_its_facts() -> None:
    profiles = operation("get_profiles")
    assert (profiles.area, profiles.method, profiles.path, profiles.kind) == (
        "profiles",
        "GET",
        "/api/profiles",
        "profile",
    )
    assert (profiles.limits.burst, profiles.limits.minute, profiles.limits.day) == (75, 750, None)
    assert [(r.when, r.burst, r.minute) for r in profiles.limits.reduced] == [
        ("additional-fields[profile]=predictive_analytics", 10, 150)
    ]
    assert (profiles.page_default, profiles.page_max, profiles.paginated) == (20, 100, True)
    assert profiles.scopes == ("profiles:read",)
    assert profiles.success == 200
    assert not profiles.body
    assert "-updated" in profiles.sorts
    assert profiles.additional_fields["profile"] == ("subscriptions", "predictive_analytics")
    email = next(rule for rule in profiles.filters if rule.name == "email")
    assert dict(email.operators) == {"any": ("list",), "equals": ("list", "single")}
    assert operation("get_lists").page_max == 10
    assert operation("get_metrics").page_max is None
    assert operation("get_metrics").paginated
    assert operation("create_list").limits.day == 150
    assert operation("create_or_update_profile").successes == (200, 201)
    assert operation("update_profile").label == "Update profile"
    assert operation("get_campaigns").filter_required


def test_an_operation_cannot_be_changed() -> None:
    found = operation("get_profiles")
    with pytest.raises(FrozenInstanceError):
        found.path = "/elsewhere"
    with pytest.raises(TypeError):
        found.fields["profile"] = ()


@pytest.mark.parametrize("found", ALL, ids=lambda found: found.id)
def test_every_operation_builds_an_address_that_leads_back_to_it(found: Operation) -> None:
    given = parts(found)
    url = found.url(given, Query(filter="equals(id,1)" if found.filter_required else ""))
    assert url.startswith(found.path.partition("{")[0])
    assert not set("{}?$:") & set(url.partition("?")[0])
    assert match(found.method, url) == (found, given)
    assert match(found.method, url.partition("?")[0] + "/") == (found, given)


@pytest.mark.parametrize("found", ALL, ids=lambda found: found.id)
def test_every_operation_is_whole(found: Operation) -> None:
    assert operation(found.id) is found
    assert all(operation(alias) is found for alias in found.aliases)
    assert found.kind
    assert found.limits.burst
    assert found.limits.minute
    assert found.risk in RISKS
    assert found.retry in set("SUCVN")
    assert found.writes == (found.undo in UNDOS)
    assert found.inverse == "" or operation(found.inverse).writes
    assert found.page_max is None or found.cursor
    assert found.area == "client" or found.scopes or found.id.startswith("get_")
    if found.body and not found.media:
        assert found.faults({}), "an empty body passes"


@pytest.mark.parametrize("found", [f for f in ALL if f.risk in {"destructive", "sends", "privacy"}], ids=lambda f: f.id)
def test_every_dangerous_operation_warns_its_approver(found: Operation) -> None:
    assert found.warning.endswith(".")
    assert found.area == "client" or found.id not in found.warning


def test_every_write_is_judged_by_hand() -> None:
    file = Path(catalogue.__file__).parent / "operations" / "judgements.tsv"
    rows = [line.split("\t") for line in file.read_text(encoding="utf-8").splitlines()]
    assert {len(row) for row in rows} == {6}
    assert [row[0] for row in rows[1:]] == sorted(f.id for f in ALL if f.method != "GET")


def test_an_unknown_operation_is_refused_by_name() -> None:
    with pytest.raises(UnknownOperation, match="no operation “get_unicorns”"):
        operation("get_unicorns")
    with pytest.raises(UnknownOperation, match="no area “unicorns”"):
        catalogue.operations("unicorns")
    assert match("GET", "/api/unicorns") is None
    assert match("PUT", "/api/profiles") is None
    assert match("GET", "/api/profiles//lists") is None


def test_a_fixed_path_wins_over_a_parameter() -> None:
    found = match("GET", "/client/review-values-reports/?company_id=AbC123")
    assert found is not None
    assert found[0].path == "/client/review-values-reports"


def test_a_query_is_written_out_and_encoded() -> None:
    query = Query(
        filter='equals(email,"a+b@example.com")',
        sort="-updated",
        size=50,
        cursor="bmV4dA==",
        include=("push-tokens",),
        fields={"profile": ("email", "location.city")},
        additional_fields={"profile": ("subscriptions",)},
    )
    assert operation("get_profiles").url(query=query) == (
        "/api/profiles?fields%5Bprofile%5D=email%2Clocation.city&additional-fields%5Bprofile%5D=subscriptions"
        "&filter=equals%28email%2C%22a%2Bb%40example.com%22%29&include=push-tokens&sort=-updated"
        "&page%5Bcursor%5D=bmV4dA%3D%3D&page%5Bsize%5D=50"
    )
    assert operation("query_flow_values").url(query=Query(cursor="abc")) == "/api/flow-values-reports?page_cursor=abc"


@pytest.mark.parametrize(
    ("name", "path", "query", "says"),
    [
        ("get_profile", {}, Query(), "takes the path parts id, not nothing"),
        ("get_profile", {"id": "1", "x": "2"}, Query(), "not id, x"),
        ("get_profile", {"id": ".."}, Query(), "cannot be asked for"),
        ("get_profile", {"id": ""}, Query(), "cannot be asked for"),
        ("get_profiles", {}, Query(size=101), "from 1 to 100, not 101"),
        ("get_profiles", {}, Query(size=0), "from 1 to 100, not 0"),
        ("get_metrics", {}, Query(size=10), "does not let the page size be chosen"),
        ("get_profiles", {}, Query(sort="shoe_size"), "does not take shoe_size as sort"),
        ("get_profiles", {}, Query(include=("unicorns",)), "does not take unicorns as include"),
        ("get_profiles", {}, Query(fields={"profile": ("shoe_size",)}), r"as fields\[profile\]"),
        ("get_profiles", {}, Query(additional_fields={"list": ("x",)}), r"as additional-fields\[list\]"),
        ("get_profiles", {}, Query(others={"company_id": "x"}), "does not take company_id"),
        ("get_campaigns", {}, Query(), "needs a filter"),
        ("get_profile", {"id": "1"}, Query(filter="equals(id,1)"), "cannot be filtered"),
        ("get_profile", {"id": "1"}, Query(cursor="x"), "has no further pages"),
    ],
)
def test_an_address_that_the_operation_does_not_take_is_refused(
    name: str, path: dict[str, str], query: Query, says: str
) -> None:
    with pytest.raises(BadQuery, match=says):
        operation(name).url(path, query)


def test_all_parameters_are_listed_once() -> None:
    for found in ALL:
        names = [p.name for p in found.parameters]
        assert len(names) == len(set(names)), found.id
    size = next(p for p in operation("get_events").parameters if p.name == "page[size]")
    assert (size.default, size.minimum, size.maximum) == (200, 1, 1000)


def test_asking_for_one_operation_loads_its_area_alone() -> None:
    source = (
        "from klaviyo_admin.klaviyo import catalogue\n"
        "catalogue.operation('get_profiles')\n"
        "print(catalogue._area.cache_info().currsize)"
    )
    assert subprocess.run([sys.executable, "-c", source], capture_output=True, check=True).stdout.strip() == b"1"
