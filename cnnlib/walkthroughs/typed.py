"""Numbers as a learner types them: read, bounded, or refused with one sentence.

A number is an integer, a decimal or a fraction, such as 2, −0.5, 1e-3 or 1/3, and is read
exactly. Hyphen and minus sign mean the same.
"""

import re
from fractions import Fraction

LARGEST = 1_000_000
FINEST = 1_000_000
_DECIMAL = r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)"
_NUMBER = re.compile(rf"{_DECIMAL}([eE][+-]?[0-9]{{1,2}})?|[+-]?[0-9]+/[0-9]+")
_POWER = re.compile(rf"{_DECIMAL}[eE]\+?[0-9]{{3,}}")
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


def tidy(text: str) -> str:
    """Return a typed number as it is shown, that is with a true minus sign."""
    return text.strip().replace("-", "−")


def ascii_number(text: str) -> str:
    """Return a number as programs, spreadsheets and links write it, with a hyphen."""
    return text.strip().replace("−", "-")


def read_grid(text: str, rows: int, columns: int) -> list[list[str]]:
    """Split typed or pasted text into cells, and check each of them.

    Parameters
    ----------
    text : str
        Rows on lines of their own or separated by semicolons; cells separated by commas,
        tabs or spaces, as a spreadsheet copies them.
    rows, columns : int
        The largest numbers of rows and columns that are taken.

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
    text = text.strip(" \t\r\n;")
    if len(text) > _LONGEST_PASTE:
        raise ValueError(
            f"{len(text):,} characters are too many here: use at most {_LONGEST_PASTE:,}, "
            f"in {rows} row{'s'[: rows > 1]} of {columns} cells."
        )
    lines = [line.strip() for line in re.split(r"[\n;]", text)]
    cells = [re.split(r"\s*[,\t]\s*|\s+", line) for line in lines]
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
    for i, row in enumerate(cells, 1):
        for j, cell in enumerate(row, 1):
            try:
                read(cell)
            except ValueError as error:
                raise ValueError(f"Row {i}, column {j}: {error}") from None
    return [[tidy(cell) for cell in row] for row in cells]
