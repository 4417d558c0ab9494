"""The pure builders that put selected profiles on a list, or take them off."""

from collections.abc import Sequence

from klaviyo_admin.areas.base import Answers
from klaviyo_admin.areas.lists import service as lists
from klaviyo_admin.intents import Intent
from klaviyo_admin.klaviyo.values import Item


def join(items: Sequence[Item], answers: Answers) -> Intent:
    """Puts the profiles on the list that was picked (`to_list`); those already on it stay."""
    return lists.add([answers["to_list"]], {"profiles": items})


def leave(items: Sequence[Item], answers: Answers) -> Intent:
    """Takes the profiles off the list that was picked (`to_list`); their consent stays as it is."""
    return lists.remove([answers["to_list"]], {"profiles": items})
