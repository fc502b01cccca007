# -*- test-case-name: tests.text.test_printable -*-
"""
Text of unknown origin, safe for a terminal and for a line of a log: :func:`printable`.
"""

from __future__ import annotations


def printable(text: str) -> str:
    """
    :return: ``text`` with a backslash escape in place of each character that is no letter, mark, number, punctuation,
        symbol, or space: control characters, line ends, bidirectional and zero-width ones, surrogates.
    """
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else one.encode("unicode-escape").decode("ascii") for one in text)
