"""The count behind a budget: no second, minute or day ever holds more than is allowed, wherever it begins."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from klaviyo_admin.klaviyo.ledger import DAY, LOWERED_FOR, MINUTE, SECOND, Entry, Ledger, Wait, Window

M_TIER = (Window(SECOND, 10), Window(MINUTE, 150))
T0 = 1_790_000_000.0


def entered(ledger: Ledger, now: float, windows: tuple[Window, ...] = M_TIER, share: float = 1.0) -> Entry:
    got = ledger.enter(windows, share, now)
    assert not isinstance(got, Wait), got
    return got


def waits(ledger: Ledger, now: float, windows: tuple[Window, ...] = M_TIER, share: float = 1.0) -> Wait:
    got = ledger.enter(windows, share, now)
    assert isinstance(got, Wait)
    return got


def spend(ledger: Ledger, number: int, now: float, windows: tuple[Window, ...] = M_TIER) -> None:
    for _ in range(number):
        ledger.leave(entered(ledger, now, windows).places, now)


def most_in_a_window(times: list[float], seconds: float) -> int:
    """The largest number of moments within any stretch that is shorter than so many seconds."""
    ordered = sorted(times)
    return max(sum(1 for other in ordered[n:] if other - first < seconds) for n, first in enumerate(ordered))


def test_a_full_second_is_free_one_second_after_its_answers() -> None:
    ledger = Ledger()
    spend(ledger, 10, T0)
    pause, window = waits(ledger, T0 + 0.2)
    assert (round(pause, 2), window) == (0.8, SECOND)
    entered(ledger, T0 + 1.02)


def test_a_request_on_its_way_keeps_its_place_until_one_window_after_its_answer() -> None:
    ledger = Ledger()
    places = [entered(ledger, T0) for _ in range(10)]
    assert isinstance(ledger.enter(M_TIER, 1.0, T0 + 1.5), Wait)
    for place in places:
        ledger.leave(place.places, T0 + 1.6)
    assert waits(ledger, T0 + 2.5).window == SECOND
    entered(ledger, T0 + 2.62)


def test_a_request_whose_process_died_is_counted_as_late_as_it_can_have_arrived() -> None:
    ledger = Ledger()
    for _ in range(10):
        entered(ledger, T0)
    assert waits(ledger, T0 + 2.9).window == SECOND
    entered(ledger, T0 + 3.03)


def test_a_request_that_never_left_costs_nothing() -> None:
    ledger = Ledger()
    for place in [entered(ledger, T0) for _ in range(10)]:
        ledger.leave(place.places, T0, counted=False)
    spend(ledger, 10, T0)


def test_a_full_minute_says_when_it_is_free() -> None:
    ledger = Ledger()
    for second in range(15):
        spend(ledger, 10, T0 + second * 1.05)
    pause, window = waits(ledger, T0 + 30)
    assert window == MINUTE
    assert 29.9 < pause <= 30.5


def test_a_full_day_waits_for_the_day() -> None:
    ledger, windows = Ledger(), (Window(SECOND, 1), Window(MINUTE, 15), Window(DAY, 15))
    for number in range(15):
        spend(ledger, 1, T0 + number * 10, windows)
    pause, window = waits(ledger, T0 + 3600, windows)
    assert window == DAY
    assert DAY - 3600 - 300 < pause < DAY - 3600 + 300


def test_background_work_leaves_a_reserve_but_never_nothing() -> None:
    ledger = Ledger()
    for _ in range(8):
        entered(ledger, T0, share=0.8)
    assert waits(ledger, T0, share=0.8).window == SECOND
    entered(ledger, T0)
    entered(Ledger(), T0, (Window(SECOND, 1),), share=0.8)


def test_a_refusal_closes_the_budget_until_it_says() -> None:
    ledger = Ledger()
    ledger.learn_refusal(M_TIER, 42, T0)
    assert waits(Ledger.read(ledger.written()), T0 + 2) == Wait(40, 0)
    entered(ledger, T0 + 42.1)


def test_a_second_unexpected_refusal_teaches_a_cap_that_is_forgotten_again() -> None:
    ledger = Ledger()
    for at in (T0, T0 + 2):
        spend(ledger, 5, at)
        ledger.learn_refusal(M_TIER, 1, at)
    spend(ledger, 4, T0 + 4)
    assert waits(ledger, T0 + 4).window == SECOND
    spend(ledger, 10, T0 + 4 + LOWERED_FOR)


def test_what_an_answer_names_counts_more_than_what_was_declared() -> None:
    ledger = Ledger()
    ledger.learn_caps({"1": 3, "60": 60, "7": 9})
    ledger = Ledger.read(ledger.written())
    spend(ledger, 3, T0)
    assert waits(ledger, T0).window == SECOND
    ledger.learn_caps({})
    spend(ledger, 7, T0)


def test_a_clock_that_is_set_back_does_not_close_a_budget_for_ever() -> None:
    ledger = Ledger()
    spend(ledger, 10, T0 + 100_000)
    assert waits(ledger, T0).pause <= 1.0
    entered(ledger, T0 + 3.1)
    ledger.learn_refusal(M_TIER, 10 * DAY, T0)
    assert waits(ledger, T0).pause == 2 * DAY


@pytest.mark.parametrize("kept", [b"", b"\x00", b"[1,2", b"[1,2,3,4,5,6]", b"{}", b"7"])
def test_a_ledger_that_cannot_be_read_begins_anew(kept: bytes) -> None:
    assert Ledger.read(kept) == Ledger()


@given(st.integers(0, 10_000), st.sampled_from([0.0, 0.01, 0.3, 1.9]))
@settings(max_examples=25, deadline=None)
def test_no_window_holds_more_than_allowed_however_long_the_way(seed: int, slowest: float) -> None:
    chance, ledger, windows = random.Random(seed), Ledger(), (Window(SECOND, 3), Window(MINUTE, 12))
    now, arrived, on_the_way = T0 + chance.random(), [], []
    while len(arrived) < 60:
        due = sorted(((at, got.places) for at, got in on_the_way if at <= now), key=lambda pair: pair[0])
        for at, place in due:
            ledger.leave(place, at)
        on_the_way = [pair for pair in on_the_way if pair[0] > now]
        got = ledger.enter(windows, 1.0, now)
        if isinstance(got, Wait):
            now = min([now + max(0.001, got.pause), *(at for at, _ in on_the_way)])
            continue
        there, back = chance.uniform(0, slowest), chance.uniform(0, slowest)
        arrived.append(now + there)
        on_the_way.append((now + there + back, got))
    assert most_in_a_window(arrived, 1) <= 3
    assert most_in_a_window(arrived, 60) <= 12


def test_refusals_of_one_rush_teach_no_cap_and_no_cap_falls_below_a_quarter() -> None:
    ledger = Ledger()
    for _ in range(24):
        ledger.learn_refusal(M_TIER, 1, T0)
    spend(ledger, 10, T0 + 2)
    for number in range(1, 9):
        ledger.learn_refusal(M_TIER, 1, T0 + 10 * number)
    spend(ledger, 2, T0 + 100)
    assert waits(ledger, T0 + 100).window == SECOND
