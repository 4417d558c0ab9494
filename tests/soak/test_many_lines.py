"""An audit log of years: its lines are found by every kind of question and proven; in full, appended side by side too."""

import sys

import pytest

from tests.bench import audit
from tests.soak.sizes import FULL, SIZES

pytestmark = pytest.mark.processes
MEASURED: list[tuple[object, ...]] = [("large", SIZES.lines)]
if SIZES is FULL:
    MEASURED.append(("append",))


@pytest.mark.parametrize("what", MEASURED, ids=lambda what: what[0])
def test_many_lines_hold(what: tuple[object, ...]) -> None:
    said = audit.figures(*what)
    assert "hold" in said, said  # what it says when the chain of all of them was checked
    sys.stdout.write(f"{said}\n")
