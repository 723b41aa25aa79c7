"""The environment variables that limit how many runs are kept once they are over."""

import pytest

from cnnlib.runs.service import keep

NAME = "CNN_CLASSROOM_KEEP_DAYS"


@pytest.mark.parametrize(("said", "kept"), [("", 30), ("0.5", 0.5), ("365", 365)])
def test_it_is_what_the_environment_says(monkeypatch, said, kept):
    monkeypatch.setenv(NAME, said)
    assert keep(NAME, 30) == kept


@pytest.mark.parametrize("said", ["0", "-1", "nan", "a month"])
def test_what_is_no_amount_is_refused_with_what_to_do(monkeypatch, said):
    monkeypatch.setenv(NAME, said)
    with pytest.raises(ValueError, match=f"^{NAME} is “{said}”: use a number above 0"):
        keep(NAME, 30)
