"""The room of reports on segments: who came, who went, and how many were in."""

from collections.abc import Mapping, Sequence

from klaviyo_admin.sandbox import membership
from klaviyo_admin.sandbox.asking import Ask, Reply
from klaviyo_admin.sandbox.calendar import Span
from klaviyo_admin.sandbox.rooms import figures, questions
from klaviyo_admin.sandbox.rooms.figures import Formula
from klaviyo_admin.sandbox.rooms.reading import Room
from klaviyo_admin.sandbox.shelves import Row

_FORMULAS: Mapping[str, Formula] = {
    "members_added": lambda of: of("added"),
    "members_removed": lambda of: of("removed"),
    "net_members_changed": lambda of: of("added") - of("removed"),
    "total_members": lambda of: of("total"),
}


def _report(ask: Ask) -> Reply:
    asked = questions.question(ask, ("segment_id",))
    membership.settle(ask)
    results: list[questions.Result] = []
    segments = ask.db.execute(
        "SELECT * FROM circle WHERE account = ? AND kind = 'segment' ORDER BY id", (ask.account,)
    ).fetchall()
    for segment in segments:
        about = {"segment_id": segment["id"]}
        if questions.holds(asked.conditions, about):
            sums = _sums(ask, segment, asked.spans)
            found = figures.statistics(sums, asked.statistics, _FORMULAS, asked.spans, series=asked.series)
            results.append((dict(about), found))
    return questions.report(ask, asked, results)


def _sums(ask: Ask, segment: Row, spans: Sequence[Span]) -> figures.Sums:
    """From the stays of all who are or were in the segment: a total is of those who are in when the interval ends."""
    start = spans[0][0]
    stay = _count(ask, segment, "member", "joined", (0, start)) + _count(
        ask, segment, "departure", "joined", (0, start)
    )
    total = stay - _count(ask, segment, "departure", "gone", (0, start))
    sums = figures.empty(spans)[()]
    for place, span in enumerate(spans):
        added = sum(_count(ask, segment, table, "joined", span) for table in ("member", "departure"))
        removed = _count(ask, segment, "departure", "gone", span)
        total += added - removed
        for name, figure in (("added", added), ("removed", removed), ("total", total)):
            sums[name][place] = float(figure)
    return sums


def _count(ask: Ask, segment: Row, table: str, column: str, span: Span) -> int:
    sql = f"SELECT count(*) FROM {table} WHERE circle = ? AND {column} >= ? AND {column} < ?"
    return int(ask.db.execute(sql, (segment["n"], *span)).fetchone()[0])


ROOM: Mapping[str, Room] = {"query_segment_values": _report, "query_segment_series": _report}
