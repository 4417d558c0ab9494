"""The room of catalog jobs: nine kinds, as items, variants and categories are each created, updated and deleted in bulk."""

from collections.abc import Mapping

from klaviyo_admin.sandbox import jobs
from klaviyo_admin.sandbox.asking import Ask, Reply
from klaviyo_admin.sandbox.documents import single
from klaviyo_admin.sandbox.jobs import Work
from klaviyo_admin.sandbox.rooms import goods
from klaviyo_admin.sandbox.rooms.reading import Room, all_of, one_of

_ROWS, _JOBS = 100, 500
_ACTS = {"create": goods.make, "update": goods.amend, "delete": goods.drop}
# The word for the rows in a body, and the word in the ids of the operations that read one job and all jobs.
_NOUNS = {
    goods.ITEM: ("items", "catalog_items"),
    goods.VARIANT: ("variants", "variants"),
    goods.CATEGORY: ("categories", "categories"),
}
WORKS: Mapping[str, Work] = {
    f"{kind}-bulk-{verb}-job": Work(kind, noun, act, _ROWS, _JOBS, "catalog-")
    for kind, (noun, _) in _NOUNS.items()
    for verb, act in _ACTS.items()
}


def _rooms(kind: str, verb: str) -> dict[str, Room]:
    job = f"{kind}-bulk-{verb}-job"
    work, word = WORKS[job], _NOUNS[kind][1]
    shelf = jobs.shelf(job, work)

    def begin(ask: Ask) -> Reply:
        return Reply(single(ask, shelf, jobs.begin(ask, job, work)))

    return {
        f"bulk_{verb}_catalog_{work.noun}": begin,
        f"get_bulk_{verb}_{word}_job": one_of(shelf),
        f"get_bulk_{verb}_{word}_jobs": all_of(shelf),
    }


ROOM: Mapping[str, Room] = {
    operation: room for kind in _NOUNS for verb in _ACTS for operation, room in _rooms(kind, verb).items()
}
