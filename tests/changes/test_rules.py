"""The evaluator of policies: the strictest match wins, and nothing unknown is taken for harmless."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klaviyo_admin.changes import flags, rules
from klaviyo_admin.changes.flags import Deciders
from klaviyo_admin.changes.rules import Asked, Facts, Hours, Outcome, Rule

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
RENAME = Asked("update_list", "lists", "reversible", frozenset({"name"}))
EDIT = Asked("update_profile", "profiles", "reversible", frozenset({"email", "properties.vip"}))
SEND = Asked("create_campaign_send_job", "campaigns", "sends", None)

words = st.lists(st.sampled_from(["lists", "profiles", "campaigns"]), max_size=2, unique=True).map(tuple)
hours = st.builds(Hours, st.lists(st.integers(0, 6), max_size=2).map(tuple), st.integers(0, 1440), st.integers(0, 1440))
sizes = st.none() | st.integers(0, 20)
RULES = st.builds(
    Rule,
    operations=st.sampled_from([(), ("update_list",), ("update_profile", "create_campaign_send_job")]),
    areas=words,
    risks=st.sampled_from([(), ("sends",), ("reversible",)]),
    fields=st.sampled_from([(), ("email",), ("properties",), ("name", "email")]),
    more_than=sizes,
    at_most=sizes,
    roles=st.sampled_from([(), ("marketer",), ("admin",)]),
    hours=st.none() | hours,
    approvals=st.integers(0, 5),
    deny=st.booleans(),
    window=st.none() | hours,
)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))
FACTS = st.builds(
    Facts,
    st.lists(st.sampled_from([RENAME, EDIT, SEND]), min_size=1, max_size=3).map(tuple),
    sizes,
    st.sampled_from(["marketer", "admin"]),
    moments,
)


def facts(*requests: Asked, things: int | None = 1, role: str = "marketer", at: datetime = MONDAY) -> Facts:
    return Facts(requests, things, role, at)


def laxer(one: Outcome, other: Outcome) -> bool:
    """Whether the first asks for less than the second in any respect."""
    return one.approvals < other.approvals or one.deny < other.deny or not set(other.windows) <= set(one.windows)


@given(st.lists(RULES, max_size=5), RULES, FACTS, st.integers(0, 5))
def test_adding_a_rule_never_makes_the_outcome_laxer(old: list[Rule], new: Rule, seen: Facts, place: int) -> None:
    before = rules.evaluate(old, seen)
    after = rules.evaluate([*old[:place], new, *old[place:]], seen)
    # The one rule that may ask for less than the default is a rule without approvals where no other one matches.
    if before.matched or not new.lax:
        assert not laxer(after, before) or (not before.matched and new.approvals == 0)


@given(RULES, FACTS)
def test_an_unknown_size_is_never_treated_better_than_any_known_one(rule: Rule, seen: Facts) -> None:
    unknown = rules.evaluate([rule], Facts(seen.requests, None, seen.role, seen.at))
    large = rules.evaluate([rule], Facts(seen.requests, 10**9, seen.role, seen.at))
    assert unknown == large


@given(st.lists(RULES, max_size=4))
def test_rules_are_read_as_they_were_written(found: list[Rule]) -> None:
    assert rules.read(rules.written(found)) == tuple(found)


@given(st.lists(hours, min_size=1, max_size=3), moments)
def test_a_change_waits_for_the_first_moment_inside_every_window(windows: list[Hours], at: datetime) -> None:
    opens = rules.next_opening(windows, at)
    if opens is None:
        assert not any(all(w.hold(at + timedelta(hours=h)) for w in windows) for h in range(24 * 7))
    else:
        assert opens >= at
        assert all(window.hold(opens) for window in windows)


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        ("2026-10-25T00:15", "2026-10-25T00:30"),  # 02:15 in summer: it opens at the first 02:30 of the night
        ("2026-10-25T00:45", "2026-10-25T00:45"),
        ("2026-10-25T01:15", "2026-10-25T01:30"),  # 02:15 again, in winter: it shuts, and opens at the second 02:30
        ("2026-03-29T00:15", "2026-03-29T01:30"),  # the night has no 02:30
    ],
)
def test_an_hour_that_comes_twice_or_never_opens_and_shuts_by_the_clock_on_the_wall(now: str, opens: str) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    at = datetime.fromisoformat(now).replace(tzinfo=UTC)
    found = rules.next_opening([Hours((), 150, 300)], at.astimezone(berlin))
    assert found == datetime.fromisoformat(opens).replace(tzinfo=UTC)


def test_nothing_matches_means_one_approval() -> None:
    assert rules.evaluate([Rule(areas=("flows",), approvals=5)], facts(RENAME)) == Outcome(1)


def test_the_strictest_of_all_matching_rules_wins() -> None:
    found = [Rule(approvals=0), Rule(areas=("lists",), approvals=3), Rule(risks=("reversible",), approvals=2)]
    assert rules.evaluate(found, facts(RENAME)) == Outcome(3, matched=(1, 2, 3))
    assert rules.evaluate([*found, Rule(deny=True)], facts(RENAME)).deny


def test_a_rule_without_approvals_needs_every_request_to_fulfil_it_surely() -> None:
    free = Rule(areas=("lists",), fields=("name",), at_most=10, approvals=0)
    assert rules.evaluate([free], facts(RENAME)).approvals == 0
    assert rules.evaluate([free], facts(RENAME, EDIT)).approvals == 1
    assert rules.evaluate([free], facts(RENAME, things=11)).approvals == 1
    assert rules.evaluate([free], facts(RENAME, things=None)).approvals == 1
    assert rules.evaluate([free], facts(Asked("delete_list", "lists", "destructive", None))).approvals == 1


def test_a_strict_rule_matches_if_any_request_may_fulfil_it() -> None:
    strict = Rule(fields=("properties",), approvals=2)
    assert rules.evaluate([strict], facts(RENAME, EDIT)).approvals == 2
    assert rules.evaluate([strict], facts(SEND)).approvals == 2
    assert rules.evaluate([strict], facts(RENAME)).approvals == 1
    assert rules.evaluate([Rule(more_than=100, approvals=4)], facts(SEND, things=None)).approvals == 4


def test_role_and_hours_are_conditions_like_any_other() -> None:
    night = Rule(hours=Hours((0,), 22 * 60, 6 * 60), roles=("admin",), deny=True)
    late = MONDAY.replace(hour=23)
    assert rules.evaluate([night], facts(RENAME, role="admin", at=late)).deny
    assert not rules.evaluate([night], facts(RENAME, role="marketer", at=late)).deny
    assert not rules.evaluate([night], facts(RENAME, role="admin")).deny


@pytest.mark.parametrize(
    "bad",
    [
        {},
        [1],
        [{"else": 1}],
        [{"approvals": 6}],
        [{"approvals": True}],
        [{"areas": "x"}],
        [{"fields": [1]}],
        [{"more_than": -1}],
        [{"deny": 1}],
        [{"hours": {"days": [7]}}],
        [{"window": {"begin": "8"}}],
        [{"window": {"days": 3}}],
    ],
)
def test_what_is_no_rule_is_refused(bad: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        rules.read(bad)


def test_rules_that_cannot_work_are_flagged() -> None:
    found = [
        Rule(),
        Rule(operations=("get_lists",)),
        Rule(areas=("lists",), risks=("privacy",)),
        Rule(more_than=9, at_most=9),
        Rule(roles=("viewer",)),
        Rule(approvals=3),
        Rule(approvals=2),
        Rule(window=Hours((), 5, 5)),
        Rule(approvals=5, deny=True),
        Rule(approvals=5, by=("admin", "marketer")),
        Rule(also=("legal",)),
        Rule(also=("brand",)),
        Rule(also=("finance",)),
    ]
    said = flags.flags(found, Deciders({"admin": 2, "marketer": 3}, {"brand": 1, "finance": 2}))
    wrong = [False, True, True, True, True, True, True, True, False, True, True, True, False]
    assert [bool(flag) for flag in said] == wrong
    assert "Nobody in this account is responsible for “legal”" in said[10]
    assert "Only one person is responsible for “brand”" in said[11]
    assert "only 2 admins" in said[5]
    assert "never collect" in said[6]
