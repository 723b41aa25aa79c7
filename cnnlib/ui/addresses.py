"""The links that the browser may show: Python writes them, unless another link is opened.

Each message of the browser holds the link that the browser showed when the message left. A link
that Python has replaced since is old. A link that Python never wrote is another link, opened by
Back, by a presenter's key or by an address that somebody typed.
"""

from collections.abc import Mapping

Fields = dict[str, str]
_LONGEST = 40  # links kept while messages show none of them


class Addresses:
    """The links that were sent to one tab, as far as the tab may still show them.

    The last link counts.
    """

    def __init__(self) -> None:
        self._sent: list[Fields] = []
        self._old: list[Fields] = []  # links sent before another link was opened
        self._due = False
        self._has_left = False  # whether a link was sent that may yet replace another link

    def receive(self, shown: Mapping[str, str], *, led: bool) -> tuple[Fields, bool]:
        """Take in the link of a message.

        Parameters
        ----------
        shown : mapping of str to str
            The fields of the link.
        led : bool
            Whether the message says that another link was opened.

        Returns
        -------
        fields : dict
            The fields that count.
        is_other : bool
            Whether another link was opened, though the message may not say so.
        """
        fields = dict(shown)
        if not led and fields in self._sent:
            del self._sent[: self._sent.index(fields)]
            self._due = len(self._sent) > 1
            return dict(self._sent[-1]), False
        if not led and fields in self._old:
            self._due = True
            return dict(self._sent[-1]), False
        is_other = led or bool(self._sent)
        self._due = len(self._sent) > 1 or self._has_left
        self._old = [*self._old, *self._sent][-_LONGEST:]
        self._sent = [fields]
        return dict(fields), is_other

    def write(self, fields: Mapping[str, str]) -> None:
        """Note what Python makes of the link."""
        if not self._sent or self._sent[-1] != fields:
            self._sent.append(dict(fields))
            del self._sent[:-_LONGEST]
            self._due = True

    def is_due(self) -> bool:
        """Return, once, whether the link must be sent to the browser.

        The link must be sent where it is new, where the message showed an old link, or where
        another link was opened while older ones were on their way.
        """
        due, self._due = self._due, False
        self._has_left |= due
        return due
