"""
A calculator: the browser sends the text of its fields, and arguments are validated against the method's annotations.

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
    Two numbers have no result. The page shows the text.
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
    One page's calculator. It has no state: the page shows previous results.
    """

    docFactory = xmlfile(sibpath(__file__, "calculator.html"))
    jsClass = "Reckoning.CalculatorWidget"
    cssModule = "Reckoning"

    @expose
    def calculate(self, *, left: Decimal, operator: Literal["+", "−", "×", "÷"], right: Decimal) -> str:
        """
        Called by the browser, with keyword arguments that are text, which is converted to ``Decimal``.

        :return: the result, as text, because JSON has no decimals.
        :raises ArgumentError: for infinities and NaN. For text that is not a number, it has been raised already.
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
