"""A search finds exactly the lines that are asked for, by the index and by reading alike."""

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from klaviyo_admin.audit import index, log
from klaviyo_admin.audit.models import Block, Entry, Mark
from klaviyo_admin.audit.search import Question
from klaviyo_admin.klaviyo import catalogue
from tests.bench import _lines

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
    return {entry.id for entry in Question(frozenset([None]), words=words, **others).newest(100)}


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


ACCOUNTS = [(1, "Juniper & Pine"), (2, "Harbour Coffee"), (3, "Old Mill")]
UNTIL = datetime(2026, 6, 1, tzinfo=UTC)
ASKED: dict[str, tuple[Any, ...]] = {
    "words": ("spring", "SALE 99", "rename coupon", "zq", "q", "approved shop", "f00", "nobody-has-this", '"status":'),
    "person": ("Zelda", "ana ortiz", "nobody", "o"),
    "action": ("step", "step.done", "change.approved", "login"),
    "area": ("lists", "coupons", "events"),
    "operation": ("update_list", "tag_segments", "create_event"),
    "object": ("list", "spring sale 7", "2F", "coupon-code"),
    "change": (8, 1_000_000),
    "since": (UNTIL - timedelta(days=300), UNTIL - timedelta(days=2)),
    "until": (UNTIL - timedelta(days=360), UNTIL - timedelta(days=30)),
}


def questions() -> Iterator[Question]:
    """Each condition by itself, then two to four together."""
    for name, values in ASKED.items():
        yield from (Question(frozenset([1]), **{name: value}) for value in values)
    chance = random.Random(3)
    for _ in range(25):
        names = chance.sample(list(ASKED), chance.randint(2, 4))
        asked: dict[str, Any] = {name: chance.choice(ASKED[name]) for name in names}
        yield Question(frozenset(chance.choice([[1], [2, None], [3]])), **asked)


def text_of(line: Entry) -> str:
    texts = [line.sentence, line.person_name, line.account_name, line.operation, line.object_id, line.object_name]
    return "\n".join([*texts, json.dumps(line.detail)]).lower()


def fits(line: Entry, text: str, asked: Question) -> bool:
    """The question, put once more in the words of a reader."""
    within = {each.id for each in catalogue.operations(asked.area)} if asked.area else {line.operation}
    return line.account_id in asked.account_ids and all(
        (
            all(word.lower() in text for word in asked.words.split()),
            asked.person.lower() in line.person_name.lower(),
            not asked.action or line.action == asked.action or line.action.startswith(f"{asked.action}."),
            line.operation in within and asked.operation in ("", line.operation),
            asked.object in ("", line.object_id, line.object_type) or asked.object.lower() in line.object_name.lower(),
            asked.change in (None, line.change_id),
            asked.since is None or line.at >= asked.since,
            asked.until is None or line.at < asked.until,
        )
    )


def test_the_index_and_the_lines_after_it_give_what_a_reader_of_all_lines_would_find() -> None:
    _lines.fill(2 * index.LINES + 300, ACCOUNTS, UNTIL)
    assert index.indexed() == 2 * index.LINES
    lines = [(line, text_of(line)) for line in Entry.objects.order_by("-id")]
    for asked in questions():
        wanted = [line.id for line, text in lines if fits(line, text, asked)]
        assert [line.id for line in asked.newest(60)] == wanted[:60], asked
        older = [number for number in wanted if number < index.LINES + 9]
        assert [line.id for line in asked.newest(60, index.LINES + 9)] == older[:60], asked
        assert list(asked.entries().values_list("id", flat=True)) == wanted, asked
    Block.objects.all().delete()
    Mark.objects.all().delete()
    asked = Question(frozenset([3]), words="mill")
    assert len(asked.newest(60)) == sum(fits(*line, asked) for line in lines), "without the index all lines are read"


def test_a_block_is_written_once_and_only_when_all_its_lines_are_there() -> None:
    written()
    assert not index.once()
    assert index.indexed() == 0


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
