"""Links to the training page that somebody edited by hand, key by key, never raise a traceback."""

import pytest

from cnnlib.runs.config import SHORT, TrainConfig
from tests.pages.components import open_link, words
from tests.pages.told import press

ODD = ("", "nan", "-1", "1e999", "٣", "x" * 3000, "9" * 5000, "%00", "2.5")
OTHERS = ("preset", "recorded", "replay", "run", "talk", "beat")


@pytest.mark.parametrize("key", [*SHORT.values(), *OTHERS])
def test_no_value_of_any_key_breaks_the_page(runs, key):
    for value in ODD:
        open_link("train", **{key: value})  # which fails where the page does


@pytest.mark.parametrize("key", ["images", "seed", "epochs"])
def test_a_whole_number_of_very_many_digits_gets_a_sentence_and_the_default_stays(runs, key):
    at = open_link("train", **{key: "9" * 5000})
    assert "This link is not followed in one thing" in words(at)
    press(at, "start")
    assert runs.run(at.query_params["run"]).config == TrainConfig()
