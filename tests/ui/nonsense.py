"""Words of a component that are broken, or that somebody has tampered with."""

from hypothesis import strategies as st

_LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from([10**400, -(10**400), 2**63, "9" * 5000, "<script>", "run", "input"]),
)
_NAMES = st.sampled_from(
    [
        *("activation", "arrival", "cell", "column", "down", "events", "heard", "index", "lead"),
        *("name", "operand", "panel", "row", "run", "sequence", "serial", "session", "step"),
        *("strokes", "text", "typed", "value", "walk", "", "nobody's"),
    ]
)
NONSENSE = st.recursive(
    _LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(_NAMES, inner, max_size=8)
    ),
    max_leaves=12,
)
