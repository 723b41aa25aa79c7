from hypothesis import given
from hypothesis import strategies as st

from cnnlib.ui.quoting import lines, quoted, refusal
from tests.browser.markup import TEXTS
from tests.pages.components import plain


@given(st.text("-<>=~:@./w1é \t\n\0\\", max_size=20) | st.sampled_from(TEXTS))
def test_nothing_of_a_text_is_lost(text):
    assert plain(quoted(text)) == text.replace("\0", "\N{REPLACEMENT CHARACTER}")


def test_what_no_message_can_hold_is_replaced():
    assert quoted("a\ud800b").encode() == "a\N{REPLACEMENT CHARACTER}b".encode()


def test_a_sentence_stays_as_it_is_written():
    sentence = "Row 1, column 2: “x” is not a number; use 1/3, −0.5 or 2 (at most 9×9)."
    assert quoted(sentence).replace("\\/", "/") == sentence


def test_lines_stay_lines_and_a_refusal_is_one_of_them():
    assert lines("a\n- b\n\nc") == "a  \n\\- b  \n  \nc"
    assert refusal("a\n\nb") == ":red[a&#10;&#10;b]"
    assert refusal("") == ""
