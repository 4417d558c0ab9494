"""The form of a line that is hashed: the same bytes whichever library writes them."""

import json

from hypothesis import given
from hypothesis import strategies as st

from klaviyo_admin.audit import chain

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(min_value=-(2**80), max_value=2**80) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=3), JSON, max_size=4))
def test_the_quick_writer_writes_what_the_standard_library_would(columns: dict[str, object]) -> None:
    plain = json.dumps(columns, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert chain.text(columns) == plain.encode("utf-8", "surrogatepass")
