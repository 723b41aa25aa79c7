"""A text that somebody typed is written into Markdown in one way, here: it stays that text."""

import re

# A directive that shows nothing. Streamlit looks for addresses, icons and arrows in the text that
# Markdown has already read, where no backslash is left; so something must stand inside of each.
_NOTHING = ":color[]"
_MARKUP = re.compile(
    r"(?P<apart>[:@](?=\S|$)|[-<>~](?=[-=>])|(?i:www)(?=\.))"
    r"|^(?P<number>\d+)(?=[.)])"  # begins a list
    r"|(?P<space>^\s|(?<=\s)\s|\s$|[^\S ])"
    r"|(?P<none>[\0\ud800-\udfff])"  # stands in no page, and in no message to a browser
    r"|(?P<mark>[\\`*_\[\]!$<>~#|{}&/]|^[-+=])"
)


def quoted(text: str) -> str:
    """Return a text, which may come from a learner, as Markdown that only shows that text."""
    return _MARKUP.sub(_shown, text)


def lines(text: str) -> str:
    """Return a text of several lines as Markdown that only shows these lines."""
    return "  \n".join(map(quoted, text.split("\n")))


def refusal(sentence: str) -> str:
    """Return a sentence, which may quote a learner, as Markdown that only shows the sentence."""
    return f":red[{quoted(sentence)}]" if sentence else ""


def _shown(found: re.Match[str]) -> str:
    match found.lastgroup:
        case "apart":
            return re.sub(r"[:@<>~-]", r"\\\g<0>", found[0]) + _NOTHING
        case "space":
            return f"&#{ord(found[0])};"
        case "number":
            return found[0] + "\\"
        case "none":
            return "\N{REPLACEMENT CHARACTER}"
    return "\\" + found[0]
