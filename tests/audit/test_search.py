"""A search finds exactly the lines that hold the words, whichever way the database looks for them."""

from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from klaviyo_admin.audit import log, search, wording
from klaviyo_admin.audit.models import Entry

pytestmark = pytest.mark.django_db

SENTENCES = (
    "Rename the list “Spring sale” to “Éclair”.",
    "Delete the tag “50% off”.",
    "Delete the tag “50_off”.",
    'Delete the tag “the "best" ones”.',
    "Add 3 profiles to the list “spring cleaning”.",
    "Füge GRÜSSE hinzu.",
)


def written() -> None:
    with transaction.atomic():
        for number, sentence in enumerate(SENTENCES):
            log.record(
                "change.proposed",
                sentence=sentence,
                operation="update_list" if number % 2 else "delete_tag",
                object=("list", f"Ab{number}", f"Thing {number}"),
                detail={"reason": f"because of {number * 111}", "digest": "f" * 64},
            )


def found(words: str, **others: Any) -> set[int]:
    return {entry.id for entry in search.entries(account_ids=[None], words=words, **others)}


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("spring", {1, 5}),
        ("SPRING sale", {1}),
        ("éclair", {1}),
        ("grüsse", {6}),
        ("50%", {2}),
        ("50_", {3}),
        ('"best"', {4}),
        ("222", {3}),
        ("tag ag", {1, 2, 3, 4, 5}),
        ("nobody-has-this", set()),
        ("a", {1, 2, 3, 4, 5, 6}),
    ],
)
def test_words_are_found_wherever_they_stand_in_a_line(words: str, numbers: set[int]) -> None:
    written()
    assert found(words) == numbers


def test_the_index_knows_every_line_and_only_narrows() -> None:
    written()
    assert set(wording.rare(Entry, ["spring"]) or ()) == {1, 5}
    assert wording.rare(Entry, ["to"]) is None, "two letters are no piece"
    with connection.cursor() as cursor:
        name = "TRIGGER audit_entry_words" if connection.vendor == "sqlite" else "INDEX audit_words"
        cursor.execute(f"DROP {name}")
    assert wording.rare(Entry, ["spring"]) is None
    assert found("spring") == {1, 5}, "without the index a search reads line by line"
    wording.install(connection)
    assert set(wording.rare(Entry, ["spring"]) or ()) == {1, 5}, "what was written before is in it too"


def test_an_area_holds_the_lines_of_its_operations() -> None:
    written()
    assert found("", area="lists") == {2, 4, 6}
    assert found("", area="tags") == {1, 3, 5}


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(st.characters(min_codepoint=33, max_codepoint=0x17F), min_size=1, max_size=6))
def test_no_word_breaks_a_search(word: str) -> None:
    with transaction.atomic():
        log.record("change.proposed", sentence=f"Named {word} here.")
    assert found(word)
