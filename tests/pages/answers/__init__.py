"""What the promise suite answers to the forms of actions, a module for each area.

A module may hold ANSWERS: {(resource key, action key): {field: value, or list of values}}, laid over what the form shows
and what `ordinary` gives its fields; a tuple of dicts is several answers, each a test of its own. And SUITED: {(resource
key, action key): test of an Item}, for an action that only some things allow. And FOUND: {resource key: function from a
Reader to Items}, for things that are looked for elsewhere than in the first things that lead to them. A pick field is answered by the first thing
of its resource that suits, unless ANSWERS gives ids.
"""

import importlib
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from klaviyo_admin.klaviyo.client import Reader
from klaviyo_admin.klaviyo.values import Item

Key = tuple[str, str]

_MODULES = [importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)]
ANSWERS: dict[Key, Any] = {key: value for module in _MODULES for key, value in getattr(module, "ANSWERS", {}).items()}
SUITED: dict[Key, Callable[[Item], bool]] = {
    key: value for module in _MODULES for key, value in getattr(module, "SUITED", {}).items()
}
FOUND: dict[str, Callable[[Reader], Sequence[Item]]] = {
    key: value for module in _MODULES for key, value in getattr(module, "FOUND", {}).items()
}


def variants(key: Key) -> tuple[Mapping[str, Any], ...]:
    """Each of the answers that an action is tried with; one empty answer where nothing special is needed."""
    given = ANSWERS.get(key, {})
    return given if isinstance(given, tuple) else (given,)
