"""Numbers as a learner types them: read, bounded, or refused with one sentence.

A number is an integer, a decimal or a fraction, such as 2, −0.5, 1e-3 or 1/3, and is read
exactly. Hyphen, minus sign and en dash mean the same, and so do full-width digits. Everywhere a
point stands before decimals, and a comma stands between two numbers.
"""

import re
from fractions import Fraction

LARGEST = 1_000_000
FINEST = 1_000_000
_DECIMAL = r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)"
_NUMBER = re.compile(rf"{_DECIMAL}([eE][+-]?[0-9]{{1,2}})?|[+-]?[0-9]+/[0-9]+")
_POWER = re.compile(rf"{_DECIMAL}[eE]\+?[0-9]{{3,}}")
_COMMA = re.compile(r"[+-]?[0-9.]*,[0-9.]+([eE][+-]?[0-9]{1,2})?")
_TIGHT = re.compile(r"(?<![0-9.,])[+-]?[0-9.]*,[0-9.]+")
_BETWEEN_ROWS = re.compile(r"[\])][\s,;]*[\[(]")
_BETWEEN_CELLS = re.compile(r"[^\S\t]*[,\t][^\S\t]*|[^\S\t]+")
# Dashes and full-width characters, as some keyboards and documents have them, and their twins.
_SPELT = str.maketrans(
    {chr(0xFF01 + at): chr(0x21 + at) for at in range(94)}
    | dict.fromkeys("−–‒‐‑", "-")
    | {chr(0x3001): ","}  # no text writes this sign, so it needs no picture
)
_LONGEST = 40
_LONGEST_PASTE = 100_000  # 32×32 cells of 40 characters leave room for blanks
_SHOWN = 12


def read(text: str) -> Fraction:
    """Return the exact value of a typed number.

    Parameters
    ----------
    text : str
        A number of magnitude at most `LARGEST` and with a denominator of at most `FINEST`, that
        is with at most six decimals.

    Raises
    ------
    ValueError
        If the text is no such number; one sentence quotes the text and says what to type instead.

    Examples
    --------
    >>> read("−0.25"), read(" 2/6 "), read("1e2")
    (Fraction(-1, 4), Fraction(1, 3), Fraction(100, 1))
    >>> read("1e999")
    Traceback (most recent call last):
    ...
    ValueError: 1e999 is too large: use a number from −1,000,000 to 1,000,000.
    """
    plain = ascii_number(text)
    if not plain:
        raise ValueError("Nothing is typed here: type a number such as 2, −0.5 or 1/3.")
    quoted = tidy(plain[:_SHOWN]) + "…"[: len(plain) > _SHOWN]
    if len(plain) > _LONGEST:  # before any pattern reads the text, because patterns may go back
        raise ValueError(f"{quoted} is too long: use at most {_LONGEST} characters.")
    too_large = f"{quoted} is too large: use a number from −{LARGEST:,} to {LARGEST:,}."
    if _POWER.fullmatch(plain):
        raise ValueError(too_large)
    if not _NUMBER.fullmatch(plain):
        if comma := comma_told(plain):
            raise ValueError(f"“{quoted}” {comma}.")
        raise ValueError(f"“{quoted}” is not a number: type one such as 2, −0.5 or 1/3.")
    try:
        value = Fraction(plain)
    except ZeroDivisionError:
        raise ValueError(f"{quoted} divides by zero: use a denominator of 1 or more.") from None
    if abs(value) > LARGEST:
        raise ValueError(too_large)
    if value.denominator > FINEST:
        raise ValueError(f"{quoted} is too fine: use at most six decimals.")
    return value


def comma_told(text: str) -> str:
    """Return what to say of a number with a decimal comma, and "" of every other text.

    Examples
    --------
    >>> comma_told("0,5")
    'has a comma: write decimals with a point, as 0.5, and two numbers with a blank, as 0, 5'
    """
    if len(text) > _LONGEST or not _COMMA.fullmatch(ascii_number(text)):
        return ""
    return "has a comma: write decimals with a point, as 0.5, and two numbers with a blank, as 0, 5"


def tidy(text: str) -> str:
    """Return a typed number as it is shown, that is with a true minus sign."""
    return ascii_number(text).replace("-", "−")


def ascii_number(text: str) -> str:
    """Return a number as programs, spreadsheets and links write it, with a hyphen."""
    return text.translate(_SPELT).strip()


def read_grid(text: str, rows: int, columns: int, *, pasted: bool = False) -> list[list[str]]:
    """Split typed or pasted text into cells, and check each of them.

    Parameters
    ----------
    text : str
        Rows on lines of their own or separated by semicolons; cells separated by commas,
        tabs or spaces, as a spreadsheet copies them. Brackets and parentheses may stand around
        rows and around all of them.
    rows, columns : int
        The largest numbers of rows and columns that are taken.
    pasted : bool
        Whether the text came into one cell; then 0,5 may be one number or two, and is refused.

    Returns
    -------
    list of list of str
        The cells as typed, in rows of equal length.

    Raises
    ------
    ValueError
        If there are no cells or too many, if rows differ in length, or if a cell is no number;
        the sentence names the cell.

    Examples
    --------
    >>> read_grid("1 2; 0 -1", 7, 7)
    [['1', '2'], ['0', '−1']]
    """
    text = text.strip(" \r\n;")  # a tab at an end stands beside a blank cell
    if len(text) > _LONGEST_PASTE:
        raise ValueError(
            f"{len(text):,} characters are too many here: use at most {_LONGEST_PASTE:,}, "
            f"in {rows} row{'s'[: rows > 1]} of {columns} cells."
        )
    text = _BETWEEN_ROWS.sub(";", text.translate(_SPELT)).strip(" \r\n;[]()")
    lines = [line.strip(" \r") for line in re.split(r"[\n;]", text)]
    cells = [_BETWEEN_CELLS.split(line) for line in lines]
    _refuse_decimal_commas(lines, cells, pasted=pasted)
    lengths = {len(row) for row in cells}
    if len(cells) > rows or max(lengths) > columns:
        raise ValueError(
            f"{len(cells)}×{max(lengths)} cells are too many here: "
            f"use at most {rows} row{'s'[: rows > 1]} of {columns}."
        )
    if len(lengths) > 1:
        raise ValueError(
            f"The rows have {min(lengths)} to {max(lengths)} cells: "
            "give every row the same number of cells."
        )
    for i, row in enumerate(cells):  # counted from 0, as figures and sums count cells
        for j, cell in enumerate(row):
            try:
                read(cell)
            except ValueError as error:
                raise ValueError(f"Row {i}, column {j}: {error}") from None
    return [[tidy(cell) for cell in row] for row in cells]


def _refuse_decimal_commas(lines: list[str], cells: list[list[str]], *, pasted: bool) -> None:
    """Refuse commas within cells that something else parts; such commas part no numbers."""
    alone = pasted and all(comma_told(line) for line in lines)
    for line, row in zip(lines, cells, strict=True):
        parted = len(row) > line.count(",") + 1  # by blanks or tabs, so commas do not part numbers
        if (alone or parted) and (comma := _TIGHT.search(line)):
            read(comma[0][:_SHOWN])
