"""A talk to give away: one complete HTML file, to be read offline and printed."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from cnnlib.talks.talk import Talk

_CSS = """
body { font: 16px/1.5 system-ui, sans-serif; color: #171f2e; background: #fff; }
body { max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .3rem; }
h2 { font-size: 1.15rem; line-height: 1.35; margin: 0 0 .5rem; }
h2 span, header p, figcaption { color: #5a6472; font-weight: 400; }
section { border-top: 1px solid #d5dae3; padding: 1.2rem 0; }
figure { margin: .4rem 0; overflow-x: auto; }
svg { display: block; max-width: 100%; height: auto; }
figcaption { font-size: .9rem; margin: .5rem 0; }
p { margin: .4rem 0; white-space: pre-line; overflow-wrap: anywhere; }
a { color: #0f3f9c; overflow-wrap: anywhere; font-size: .8rem; }
@media (max-width: 40rem) {
  body { margin: 1rem auto; }
  figure.wide svg { max-width: none; width: 40rem; }
  figure.wide::before { content: "Move the figure sideways to see all of it."; }
  figure.wide::before { font-size: .8rem; color: #5a6472; position: sticky; left: 0; }
}
@page { margin: 14mm; }
@media print {
  body { margin: 0; max-width: none; padding: 0; font-size: 10.5pt; }
  section { break-inside: avoid; padding: 5mm 0; }
  h2 { break-after: avoid; }
  figure { overflow: visible; }
  svg { width: auto; max-height: 128mm; }
  a { color: inherit; }
}
"""
# Nothing is fetched and nothing runs, because pictures stand in the page itself.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
_WIDE = 640  # a wider figure is scrolled on a telephone, because shrunk it could not be read


@dataclass(frozen=True)
class Figure:
    """The figure of a beat.

    Attributes
    ----------
    svg : str
        The figure by `cnnlib.figures.svg`, in which no text is markup; "" if there is none.
    told : str
        The page's words about the figure, or a sentence that says why there is none.
    width : float
        The figure's own width, in CSS pixels.
    """

    svg: str = ""
    told: str = ""
    width: float = 0.0


def to_html(talk: Talk, figures: Sequence[Figure], address: str, *, notes: bool = True) -> str:
    """Return a talk as one HTML document.

    Parameters
    ----------
    talk : Talk
        The talk, whose texts are all escaped.
    figures : sequence of Figure
        One for each beat.
    address : str
        The app's address, to which each beat's link leads.
    notes : bool
        Whether the speaker's notes are printed.
    """
    parts = []
    for number, (beat, figure) in enumerate(zip(talk.beats, figures, strict=True), 1):
        link = escape(f"{address.rstrip('/')}/{beat.link}")
        wide = ' class="wide"' if figure.width > _WIDE else ""
        caption = f"<figcaption>{escape(figure.told)}</figcaption>" if figure.told else ""
        parts += [
            "<section>",
            f"<h2><span>{number}.</span> {escape(beat.line)}</h2>",
            f"<figure{wide}>{figure.svg}</figure>" if figure.svg else "",
            caption,
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
            f"<title>{title}</title><style>{_CSS}</style></head><body>",
            f"<header><h1>{title}</h1>",
            f"<p>{len(talk.beats)} beats. Each link opens its page in this state.</p></header>",
            *filter(None, parts),
            "</body></html>\n",
        ]
    )
