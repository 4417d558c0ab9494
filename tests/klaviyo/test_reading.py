"""Reading: what each answer means, what is tried again and for how long, and where the key never goes."""

import threading
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from klaviyo_admin.klaviyo import errors
from klaviyo_admin.klaviyo.bodies import BadBody
from klaviyo_admin.klaviyo.client import WrongDoor
from klaviyo_admin.klaviyo.values import Query
from tests.klaviyo.network import BASE, MEDIA, Network, answer, one, page_web, profile, refusal, throttle

ID = {"id": "01HZ"}


def read(network: Network) -> Any:
    return network.reader.item("get_profile", ID)


def test_a_read_names_itself_its_key_and_its_revision() -> None:
    network = Network(one(email="ana@example.com"))
    item = read(network)
    request = network.requests[0]
    assert item.get("email") == "ana@example.com"
    assert str(request.url) == f"{BASE}/api/profiles/01HZ"
    assert request.headers["authorization"].startswith("Klaviyo-API-Key pk_")
    assert request.headers["revision"] == "2026-07-15"
    assert request.headers["accept"] == MEDIA
    assert request.headers["x-klaviyo-revision-fall-forward-opt-out"] == "1"
    assert request.headers["user-agent"].startswith("klaviyo-admin/")
    assert "content-type" not in request.headers


@pytest.mark.parametrize("status", [200, 201, 202, 203])
def test_any_success_is_an_answer(status: int) -> None:
    assert read(Network(answer(status, {"data": profile()}))).id == "01HZ"


@pytest.mark.parametrize(
    ("status", "leaf"),
    [
        (400, errors.Invalid),
        (401, errors.Unauthorised),
        (403, errors.Forbidden),
        (404, errors.NotFound),
        (405, errors.Invalid),
        (409, errors.Conflict),
        (410, errors.Gone),
        (415, errors.Invalid),
        (418, errors.Invalid),
        (422, errors.Invalid),
    ],
)
def test_a_refusal_is_its_leaf_and_is_not_repeated(status: int, leaf: type[errors.Refused]) -> None:
    network = Network(refusal(status, source={"pointer": "/data/attributes/email"}))
    with pytest.raises(errors.Refused) as caught:
        read(network)
    assert type(caught.value) is leaf
    assert (caught.value.status, caught.value.operation) == (status, "get_profile")
    assert caught.value.problems[0].pointer == "/data/attributes/email"
    assert len(network.requests) == 1
    assert network.waits == []


def test_a_summary_is_a_sentence_without_personal_data() -> None:
    network = Network(refusal(400, source={"pointer": "/data/attributes/phone_number"}))
    with pytest.raises(errors.Invalid) as caught:
        read(network)
    assert str(caught.value) == ("Klaviyo refused “Get profile” (400): Invalid input. /data/attributes/phone_number.")


def test_a_missing_right_names_the_scopes_that_the_operation_needs() -> None:
    with pytest.raises(errors.Forbidden, match="needs the scopes lists:read, profiles:read") as caught:
        Network(refusal(403, "permission_denied")).reader.page("get_profiles_for_list", {"id": "AbC123"})
    assert caught.value.scopes == ("lists:read", "profiles:read")


def test_a_refusal_without_a_body_counts_by_its_status() -> None:
    with pytest.raises(errors.Unauthorised):
        read(Network(answer(401)))


@pytest.mark.parametrize("status", [502, 503, 504, 524])
@pytest.mark.parametrize("make", [page_web, answer])
def test_a_passing_failure_is_tried_three_times(status: int, make: Callable[[int], httpx.Response]) -> None:
    network = Network(make(status))
    with pytest.raises(errors.Unavailable):
        read(network)
    assert len(network.requests) == 3
    assert len(network.waits) == 2
    assert sum(network.waits) <= 10
    assert read(Network(make(status), make(status), one())).id == "01HZ"


@pytest.mark.parametrize(
    "fault",
    [
        httpx.ConnectError("Name or service not known"),
        httpx.ConnectTimeout(""),
        httpx.PoolTimeout(""),
        httpx.ReadTimeout(""),
        httpx.ReadError(""),
        httpx.WriteError("broken pipe"),
        httpx.RemoteProtocolError("Server disconnected without sending a response."),
    ],
)
def test_a_failed_connection_is_tried_three_times(fault: Exception) -> None:
    network = Network(fault)
    with pytest.raises(errors.Unavailable):
        read(network)
    assert len(network.requests) == 3
    assert read(Network(fault, one())).id == "01HZ"


@pytest.mark.parametrize("body", ['{"data": {"type": "profile", "id": "01', "<html>Welcome to the hotel</html>"])
def test_a_success_that_cannot_be_read_is_tried_again(body: str) -> None:
    network = Network(httpx.Response(200, text=body), one())
    assert read(network).id == "01HZ"
    with pytest.raises(errors.Unavailable, match="cut off or is no JSON"):
        read(Network(httpx.Response(200, text=body)))


def test_a_server_error_is_not_repeated() -> None:
    network = Network(refusal(500, "error"))
    with pytest.raises(errors.Unavailable):
        read(network)
    assert len(network.requests) == 1


def test_a_gateway_that_challenges_says_nothing_about_rights() -> None:
    network = Network(page_web(403, {"cf-mitigated": "challenge"}))
    with pytest.raises(errors.Unavailable):
        read(network)
    assert len(network.requests) == 3
    with pytest.raises(errors.Unavailable, match="gateway"):
        read(Network(page_web(400)))
    with pytest.raises(errors.Unavailable, match="gateway"):
        read(Network(httpx.Response(404, text="error code: 1010", headers={"Content-Type": "text/plain"})))


def test_a_redirect_is_not_followed() -> None:
    network = Network(httpx.Response(302, headers={"Location": "https://elsewhere.example.com/"}))
    with pytest.raises(errors.Unavailable):
        read(network)
    assert len(network.requests) == 1


def test_a_throttled_read_waits_as_long_as_it_is_told() -> None:
    network = Network(throttle("3"), throttle("2"), one())
    assert read(network).id == "01HZ"
    assert network.waits == [3, 2]


@pytest.mark.parametrize(("told", "seconds"), [("11", 11), ("67608", 67608)])
def test_a_long_wait_is_left_to_the_caller(told: str, seconds: int) -> None:
    network = Network(throttle(told))
    with pytest.raises(errors.Throttled) as caught:
        read(network)
    assert caught.value.retry_after == seconds
    assert network.waits == []
    if seconds > 3600:
        assert str(caught.value).startswith("The daily budget for “Get profile” is used up; it is free again at ")
        assert str(caught.value).endswith(" UTC (in 18 h 47 min).")


def test_all_waits_together_stay_within_ten_seconds() -> None:
    network = Network(throttle("6"))
    with pytest.raises(errors.Throttled):
        read(network)
    assert network.waits == [6]


@pytest.mark.parametrize("told", [None, "soon", "", "nan", "inf", "-5", "Wed, 15 Jul 2026 09:30:00 GMT"])
def test_a_429_that_does_not_say_how_long_is_tried_again(told: str | None) -> None:
    network = Network(throttle(told), one())
    assert read(network).id == "01HZ"
    with pytest.raises(errors.Throttled) as caught:
        read(Network(throttle(told)))
    assert caught.value.retry_after > 0


def test_what_the_operation_does_not_take_is_refused_unsent() -> None:
    network = Network(one())
    with pytest.raises(errors.Invalid, match="from 1 to 10, not 50"):
        network.reader.page("get_lists", query=Query(size=50))
    assert network.requests == []


def test_a_reader_sends_no_write() -> None:
    network = Network(one())
    for name in ("update_profile", "delete_list", "merge_profiles"):
        with pytest.raises(WrongDoor):
            network.reader.item(name, {"id": "x"} if name != "merge_profiles" else {})
    with pytest.raises(WrongDoor):
        network.reader.ask("bulk_suppress_profiles", BULK_SUPPRESSION)
    assert network.requests == []


BULK_SUPPRESSION = {"data": {"type": "profile-suppression-bulk-create-job", "attributes": {}}}


def test_nothing_there_is_not_found() -> None:
    with pytest.raises(errors.NotFound):
        read(Network(answer(200, {"data": None})))
    with pytest.raises(errors.Unavailable, match="holds no data"):
        read(Network(answer(200, {"meta": {}})))
    with pytest.raises(errors.Unavailable, match="holds no data"):
        Network(answer(200)).reader.page("get_profiles")


def test_a_question_with_a_body_is_checked_and_answered() -> None:
    document = {
        "data": {
            "type": "metric-aggregate",
            "attributes": {"metric_id": "AbC123", "measurements": ["count"], "filter": ["a", "b"], "timezone": "UTC"},
        }
    }
    network = Network(answer(200, {"data": {"type": "metric-aggregate", "attributes": {"dates": []}}}))
    assert network.reader.ask("query_metric_aggregates", document)["data"]["attributes"] == {"dates": []}
    assert network.requests[0].headers["content-type"] == MEDIA
    with pytest.raises(BadBody):
        network.reader.ask("query_metric_aggregates", {"data": {}})
    assert len(network.requests) == 1


def test_calls_side_by_side_keep_their_order_and_their_errors() -> None:
    meeting = threading.Barrier(3, timeout=10)

    def play(request: httpx.Request) -> httpx.Response:
        meeting.wait()
        ident = request.url.path.rpartition("/")[2]
        return refusal(404) if ident == "b" else answer(200, {"data": profile(ident)})

    reader = Network(play).reader
    results = reader.gather(*(lambda ident=ident: reader.item("get_profile", {"id": ident}).id for ident in "abc"))
    assert results[0] == "a"
    assert isinstance(results[1], errors.NotFound)
    assert results[2] == "c"
    assert reader.gather() == []


def test_calls_side_by_side_may_gather_themselves() -> None:
    reader = Network(one()).reader
    inner = [lambda: reader.item("get_profile", ID).id] * 3
    assert reader.gather(*[lambda: reader.gather(*inner)] * 20) == [["01HZ"] * 3] * 20


def test_a_mistake_in_a_call_is_not_swallowed() -> None:
    with pytest.raises(ZeroDivisionError):
        Network(one()).reader.gather(lambda: 1 // 0)
