"""A request may wait for what an earlier one is answered; what comes is put there and nowhere else."""

import copy
import pickle

import orjson
import pytest

from klaviyo_admin.intents import Ref
from klaviyo_admin.klaviyo.catalogue import match, operation
from klaviyo_admin.klaviyo.gaps import Misfit, filled, value_at

ID = Ref(1)


def renaming(name: str = "Autumn") -> object:
    return {"data": {"type": "list", "id": ID, "attributes": {"name": name}}}


def test_a_reference_stands_in_path_and_body_and_is_filled_in_both() -> None:
    write = operation("update_list").write({"id": ID}, renaming())
    assert [gap.at for gap in write.gaps] == ["path/3", "body/data/id"]
    assert match("PATCH", write.path) is not None
    sent = filled(write, {ID: "Ab/3"})
    assert (sent.path, sent.gaps) == ("/api/lists/Ab%2F3", ())
    assert orjson.loads(sent.body)["data"]["id"] == "Ab/3"


def test_a_text_that_reads_like_a_reference_stays_as_it_is() -> None:
    write = operation("update_list").write({"id": ID}, renaming(name=str(ID)))
    assert orjson.loads(filled(write, {ID: "AbC"}).body)["data"]["attributes"]["name"] == str(ID)
    plain = operation("update_list").write(
        {"id": "AbC"}, {"data": {"type": "list", "id": "AbC", "attributes": {"name": str(ID)}}}
    )
    assert plain.gaps == ()
    assert filled(plain, {}) == plain


def test_references_in_lists_and_under_odd_keys_are_found() -> None:
    others = {"data": [{"type": "profile", "id": "A"}, {"type": "profile", "id": Ref(2, "/data/0/id")}]}
    write = operation("add_profiles_to_list").write({"id": "L"}, others)
    assert [gap.at for gap in write.gaps] == ["body/data/1/id"]
    odd = {"data": {"type": "profile", "attributes": {"properties": {"a/b~c": Ref(1)}}}}
    sent = filled(operation("create_profile").write(document=odd), {Ref(1): "X"})
    assert orjson.loads(sent.body)["data"]["attributes"]["properties"] == {"a/b~c": "X"}


@pytest.mark.parametrize("value", [".", ".."])
def test_an_answer_that_would_reach_another_address_is_refused(value: str) -> None:
    with pytest.raises(Misfit):
        filled(operation("delete_list").write({"id": ID}), {ID: value})


@pytest.mark.parametrize(
    ("pointer", "found"),
    [
        ("/data/id", "L1"),
        ("/data/relationships/messages/0", "M1"),
        ("/data/relationships/messages/1", None),
        ("/data/relationships/messages/x", None),
        ("/data", None),
        ("/data/count", None),
        ("/data/empty", None),
        ("/a~1b", "odd"),
    ],
)
def test_an_answer_gives_a_text_or_nothing(pointer: str, found: str | None) -> None:
    answer = {"data": {"id": "L1", "count": 3, "empty": "", "relationships": {"messages": ["M1"]}}, "a/b": "odd"}
    assert value_at(answer, pointer) == found


@pytest.mark.parametrize(("step", "pointer"), [(0, "/data/id"), (1, "data/id"), (1, "")])
def test_a_reference_to_nowhere_is_refused(step: int, pointer: str) -> None:
    with pytest.raises(ValueError, match="names an earlier request"):
        Ref(step, pointer)


def test_a_copy_of_a_reference_is_one() -> None:
    for copied in (copy.deepcopy(ID), pickle.loads(pickle.dumps(ID))):
        assert (copied, copied.step, copied.pointer) == (ID, 1, "/data/id")
