"""The nine kinds of jobs that change the catalogue in the background, declared."""

from klaviyo_admin.areas import jobs
from klaviyo_admin.areas.base import Resource

_KINDS = (
    ("products", "item", "catalog_items"),
    ("variants", "variant", "variants"),
    ("categories", "category", "categories"),
)
_VERBS = (("create", "Created"), ("update", "Changed"), ("delete", "Deleted"))


def _jobs(verb: str, done: str, many: str, one: str, word: str) -> Resource:
    read = f"get_bulk_{verb}_{word}_job"
    return jobs.resource(f"catalog-{one}-{verb}-jobs", f"{done} {many}", f"{read}s", read)


JOBS = tuple(_jobs(verb, done, *kind) for kind in _KINDS for verb, done in _VERBS)
