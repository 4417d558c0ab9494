"""The form field with which a person picks things of Klaviyo by their names, and what it answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError


@dataclass(frozen=True, slots=True)
class Picked:
    """What a person gave: the ids of what was ticked, or words typed without ticking anything."""

    ids: tuple[str, ...] = ()
    words: str = ""


class PickWidget(forms.Widget):
    """A search box over one resource, with what is picked as ticked boxes below. `url` (the search), `asks` (what to
    type, in words), `names` (by id) and `offered` (pairs of id and name to begin with) come from the page that shows the
    form; `foreign` are ids of another resource, which are not shown. `late`: what there is to begin with is asked for only
    when a person comes to the box."""

    template_name = "widgets/pick.html"
    use_fieldset = True

    def __init__(self, many: bool) -> None:
        super().__init__()
        self.many = many
        self.url = ""
        self.asks = "Search by name"
        self.names: dict[str, str] = {}
        self.offered: tuple[tuple[str, str], ...] = ()
        self.foreign: frozenset[str] = frozenset()
        self.late = False

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        picked = as_picked(value)
        chosen = [(ident, self.names.get(ident, ident)) for ident in picked.ids if ident not in self.foreign]
        rest = [(ident, called) for ident, called in self.offered if ident not in picked.ids]
        context["widget"].update(chosen=chosen, offered=rest, words=picked.words, url=self.url, asks=self.asks)
        # A choice of one has a way back: what is ticked can only be unticked by another one.
        context["widget"].update(many=self.many, none=not (self.many or self.is_required), late=self.late)
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Picked:
        ids = dict.fromkeys(ident for ident in data.getlist(name) if ident)
        return Picked(tuple(ids), data.get(f"{name}-words", "").strip())

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return f"{name}-words" not in data and name not in data


class PickField(forms.Field):
    """Things of the resource of this key, picked by name. It cleans to Picked; before a builder sees the answers, the
    page puts the Items in its place, as Klaviyo has them now: one Item (or None), or with `many` a tuple of them. `mixed`:
    the first value may hold ids of other resources, which another field shows."""

    widget: PickWidget

    def __init__(
        self, resource: str, *, many: bool = False, most: int = 100, mixed: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(widget=PickWidget(many), **kwargs)
        self.resource, self.many, self.most, self.mixed = resource, many, most, mixed

    def clean(self, value: Any) -> Picked:
        picked = as_picked(value)
        if self.required and not picked.ids and not picked.words:
            raise ValidationError("Search by name and tick what you mean.", code="required")
        if len(picked.ids) > (self.most if self.many else 1):
            most = f"at most {self.most}" if self.many else "only one"
            raise ValidationError(f"{len(picked.ids)} are ticked here, but {most} can be. Untick the others.")
        return picked

    def has_changed(self, initial: Any, data: Any) -> bool:
        given = as_picked(data)
        return bool(given.words and not given.ids) or set(as_picked(initial).ids) != set(given.ids)


def as_picked(value: Any) -> Picked:
    """A field's value in any of its forms: Picked, one id, or a sequence of ids."""
    if isinstance(value, Picked):
        return value
    if isinstance(value, str):
        return Picked((value,) if value else ())
    return Picked(tuple(value)) if isinstance(value, Sequence) else Picked()
