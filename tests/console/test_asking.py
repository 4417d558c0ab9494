"""What is typed about an address becomes a path and a query that the operation takes, or a fault of the field."""

import pytest

from klaviyo_admin.console import snippets
from klaviyo_admin.console.asking import Asked, ask
from klaviyo_admin.klaviyo.catalogue import operation
from klaviyo_admin.klaviyo.multipart import form


def asked(name: str, **typed: str) -> Asked:
    return ask(operation(name), {key.replace("__", "/"): [value] for key, value in typed.items()})


@pytest.mark.parametrize(
    ("on", "value", "filter_"),
    [
        ("email equals", "a@b.c", 'equals(email,"a@b.c")'),
        ("email any", "a@b.c, d@e.f", 'any(email,["a@b.c","d@e.f"])'),
        ("email any", '["a,b@c.d"]', 'any(email,["a,b@c.d"])'),
        ("created greater-than", "2026-01-01T00:00:00Z", "greater-than(created,2026-01-01T00:00:00Z)"),
    ],
)
def test_a_condition_is_written_as_klaviyo_reads_it(on: str, value: str, filter_: str) -> None:
    found = asked("get_profiles", q__filter__0__on=on, q__filter__0__value=value)
    assert not found.faults
    assert found.query.filter == filter_


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"q__filter__0__on": "created greater-than", "q__filter__0__value": "soon"}, "q/filter/0/on", "date and time"),
        (
            {"q__filter__0__on": "shoe_size equals", "q__filter__0__value": "7"},
            "q/filter/0/on",
            "cannot be filtered by",
        ),
        ({"q__filter__0__value": "7"}, "q/filter/0/on", "Say what"),
        ({"q__size": "1000"}, "q/size", "from 1 to 100"),
        ({"q__size": "many"}, "q/size", "“many”"),
        ({"q__sort": "shoe_size"}, "q", "sort"),
    ],
)
def test_what_cannot_be_asked_is_said_at_its_field(typed: dict[str, str], field: str, words: str) -> None:
    assert words in asked("get_profiles", **typed).faults[field]


def test_a_missing_id_and_a_missing_filter_are_said() -> None:
    assert "the address needs it" in asked("get_profile").faults["p/id"]
    assert "Copy the id" in asked("get_profile", p__id="..").faults["p/id"]
    assert "needs a filter" in asked("get_campaigns").faults["q/filter/0/on"]
    assert "needs it" in asked("get_client_reviews").faults["q/x/company_id"]


def test_a_snippet_has_a_placeholder_for_the_key_and_is_safe_to_paste() -> None:
    found = operation("create_list")
    body = '{"data": {"name": "Ana\'s $(rm)"}}'
    wire = snippets.Wire("POST", "https://a.klaviyo.com/api/lists", "2026-07-15", body)
    assert '\'{"data": {"name": "Ana\'"\'"\'s $(rm)"}}\'' in snippets.curl(found, wire)
    compile(snippets.python(found, wire), "snippet", "exec")
    for text in (snippets.curl(found, wire), snippets.python(found, wire)):
        assert snippets.KEY in text
    client = operation("get_client_reviews")
    public = snippets.Wire("GET", "https://a.klaviyo.com/client/reviews?company_id=X", "2026-07-15")
    assert snippets.KEY not in snippets.curl(client, public)


def test_a_file_travels_as_a_form_whose_first_line_says_what_separates_it() -> None:
    made = form({"name": "Leaf"}, 'a"\r\n.png', b"\x89PNG", "image/png")
    boundary = made.partition(b"\r\n")[0]
    assert made.count(boundary) == 3
    assert b'filename="a%22%0D%0A.png"' in made
    assert made == form({"name": "Leaf"}, 'a"\r\n.png', b"\x89PNG", "image/png")
