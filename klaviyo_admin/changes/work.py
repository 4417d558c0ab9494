"""One slice of one change while it is being done: by whom, with what, and for how long."""

import time
from dataclasses import dataclass
from datetime import datetime

from klaviyo_admin.changes.holding import Hold
from klaviyo_admin.changes.models import Change, Step
from klaviyo_admin.changes.timing import Plan
from klaviyo_admin.klaviyo.client import Reader

AT_ONCE = 8  # targets read side by side, and jobs asked about in one round


@dataclass(slots=True)
class Work:
    """One slice of one change: who holds it, what was verified, and until when (monotonic seconds) the slice lasts.

    `rushed` means that the glass was broken for it, so that no freeze holds it; `frozen` until when one does.
    """

    hold: Hold
    change: Change
    steps: list[Step]
    reader: Reader
    until: float
    sends: int
    plan: Plan
    rushed: bool
    frozen: datetime | None = None

    def over(self) -> bool:
        return self.sends <= 0 or time.monotonic() >= self.until

    def having(self, *statuses: str) -> list[Step]:
        return [step for step in self.steps if step.status in statuses]
