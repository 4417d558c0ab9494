"""The room of reports on forms: who saw, closed and sent them."""

from collections.abc import Mapping

from klaviyo_admin.sandbox import attribution
from klaviyo_admin.sandbox.asking import Ask, Reply
from klaviyo_admin.sandbox.refusals import invalid
from klaviyo_admin.sandbox.rooms import figures, questions
from klaviyo_admin.sandbox.rooms.figures import Formula, share
from klaviyo_admin.sandbox.rooms.reading import Room

_COUNTED = {
    "viewed_form": "Viewed Form",
    "closed_form": "Closed Form",
    "submits": "Submitted Form",
    "qualified_form": "Qualified Form",
    "viewed_form_step": "Viewed Form Step",
    "submitted_form_step": "Submitted Form Step",
}
_FORMULAS: Mapping[str, Formula] = {
    "viewed_form": lambda of: of("viewed_form"),
    "viewed_form_uniques": lambda of: of("viewed_form_unique"),
    "closed_form": lambda of: of("closed_form"),
    "closed_form_uniques": lambda of: of("closed_form_unique"),
    "qualified_form": lambda of: of("qualified_form"),
    "qualified_form_uniques": lambda of: of("qualified_form_unique"),
    "submits": lambda of: of("submits"),
    "submit_rate": lambda of: share(of("submits"), of("viewed_form")),
    "viewed_form_step": lambda of: of("viewed_form_step"),
    "viewed_form_step_uniques": lambda of: of("viewed_form_step_unique"),
    "submitted_form_step": lambda of: of("submitted_form_step"),
    "submitted_form_step_uniques": lambda of: of("submitted_form_step_unique"),
}
_GROUPS = ("form_id", "form_version_id")


def _report(ask: Ask) -> Reply:
    groups = tuple(dict.fromkeys(ask.attributes.get("group_by") or _GROUPS[:1]))
    if _GROUPS[0] not in groups:
        raise invalid(f"'group_by' must contain {_GROUPS[0]}.", f"{questions.HERE}/group_by")
    asked = questions.question(ask, _GROUPS)
    sums = figures.empty(asked.spans)
    keys = _GROUPS if asked.conditions else groups
    for name, metric in _COUNTED.items():
        numbers = attribution.metrics(ask.db, ask.account, (metric,))
        figures.count(ask.db, sums, name, numbers, asked.spans, keys)
    results: list[questions.Result] = []
    for group in sorted(sums):
        about = dict(zip(keys, group, strict=True))
        if about["form_id"] and questions.holds(asked.conditions, about):
            found = figures.statistics(sums[group], asked.statistics, _FORMULAS, asked.spans, series=asked.series)
            results.append(({name: about[name] for name in groups}, found))
    return questions.report(ask, asked, results)


ROOM: Mapping[str, Room] = {"query_form_values": _report, "query_form_series": _report}
