"""
A calculator: the browser sends what somebody has typed, and what a method's annotations do not allow never reaches it.

Run it in the directory above with ``twistd -n athena-widget --element=reckoning.calculator.CalculatorElement``.
"""

from __future__ import annotations

from decimal import Context, Decimal, DecimalException, DivisionByZero
from typing import Literal

from twisted.python.util import sibpath

from athenalite import ArgumentError, LiveElement, LivePageError, expose
from athenalite.loaders import xmlfile

DIGITS = 15
CONTEXT = Context(prec=DIGITS)
OPERATIONS = {"+": CONTEXT.add, "−": CONTEXT.subtract, "×": CONTEXT.multiply, "÷": CONTEXT.divide}


class Impossible(LivePageError):
    """
    Two numbers that have no result, in words for the person who asked.
    """

    jsClass = "Reckoning.Impossible"


def written(number: Decimal) -> str:
    """
    :return: the number in as few digits as it has, with an exponent where there would be too many zeros.
    """
    number = number.normalize(CONTEXT) or Decimal(0)
    return f"{number:f}" if -DIGITS < number.adjusted() < DIGITS else str(number)


class CalculatorElement(LiveElement):
    """
    One page's calculator. It remembers nothing: what has been calculated is on the page's tape.
    """

    docFactory = xmlfile(sibpath(__file__, "calculator.html"))
    jsClass = "Reckoning.CalculatorWidget"
    cssModule = "Reckoning"

    @expose
    def calculate(self, *, left: Decimal, operator: Literal["+", "−", "×", "÷"], right: Decimal) -> str:
        """
        Called by the browser, with keyword arguments and text; a ``Decimal`` is made of what says one.

        :return: the result. JSON has no decimals, so it goes back as text, too.
        :raises ArgumentError: for infinity and its like. For what is no number, it has been raised already.
        :raises Impossible: if there is no result.
        """
        for name, number in (("left", left), ("right", right)):
            if not number.is_finite():
                raise ArgumentError(f"{name}: {number} is no finite number", name)
        try:
            return written(OPERATIONS[operator](left, right))
        except DivisionByZero:
            raise Impossible("Nothing can be divided by zero.") from None
        except DecimalException:
            raise Impossible("There is no such number.") from None
