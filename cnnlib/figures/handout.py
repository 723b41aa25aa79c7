"""A talk to give away: one HTML file with all in it, to be read offline and printed."""

from collections.abc import Sequence
from html import escape

from cnnlib.talks.talk import Talk

_CSS = """
body { font: 16px/1.5 system-ui, sans-serif; color: #171f2e; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
section { border-top: 1px solid #d5dae3; padding: 1rem 0; break-inside: avoid; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.15rem; margin: 0 0 .5rem; }
h2 span { color: #5a6472; font-weight: 400; }
svg { max-width: 100%; height: auto; display: block; margin: .5rem 0; }
p { margin: .4rem 0; white-space: pre-line; }
a { color: #0f3f9c; overflow-wrap: anywhere; font-size: .85rem; }
@media print { body { margin: 0; max-width: none; } a { color: inherit; } }
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"  # nothing is fetched, nothing runs


def to_html(talk: Talk, figures: Sequence[str | None], address: str, *, notes: bool = True) -> str:
    """Return a talk as one HTML document.

    Parameters
    ----------
    talk : Talk
        All its texts are escaped.
    figures : sequence of str or None
        For each beat its figure as SVG, made by `cnnlib.figures.svg`, or None.
    address : str
        Of the app, to which each beat's link leads.
    notes : bool
        Whether the speaker's notes are printed.
    """
    parts = []
    for number, (beat, figure) in enumerate(zip(talk.beats, figures, strict=True), 1):
        link = escape(f"{address.rstrip('/')}/{beat.link}")
        parts += [
            "<section>",
            f"<h2><span>{number}.</span> {escape(beat.line)}</h2>",
            figure or "",
            f"<p>{escape(beat.notes)}</p>" if notes and beat.notes else "",
            f'<a href="{link}">{link}</a>',
            "</section>",
        ]
    title = escape(talk.title)
    return "\n".join(
        [
            '<!doctype html><html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width">',
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
            f"<title>{title}</title><style>{_CSS}</style></head><body><h1>{title}</h1>",
            *filter(None, parts),
            "</body></html>\n",
        ]
    )
