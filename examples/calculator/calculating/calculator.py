"""
A pocket calculator: the buttons are in the browser, the arithmetic is done here.

Run it in the directory above with ``twistd -n athena-widget --element=calculating.calculator.CalculatorElement``.
"""

from __future__ import annotations

import operator
from decimal import Context, Decimal, DecimalException
from typing import Any

from twisted.python.util import sibpath

from athenalite.athena import LiveElement, expose
from athenalite.inevow import IQ
from athenalite.loaders import xmlfile
from athenalite.page import renderer

OPERATORS = {"+": operator.add, "−": operator.sub, "×": operator.mul, "÷": operator.truediv}
ROWS = ("7 8 9 ÷", "4 5 6 ×", "1 2 3 −", "0 . = +")
KEYS = frozenset(".0123456789")
DIGITS = 12


class Calculator:
    """The state of a pocket calculator."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Reset the calculator."""
        self.display = "0"
        self._fresh = True
        self._left = Decimal(0)
        self._operator = "+"

    def press(self, symbol: str) -> str:
        """
        Press a button: a digit, a point, an operator, ``=`` or ``C``. Other symbols do nothing.

        :return: the new text of the display.
        """
        if symbol == "C":
            self.clear()
        elif symbol in OPERATORS or symbol == "=":
            self._calculate()
            self._operator = symbol
        elif symbol in KEYS:
            self._type(symbol)
        return self.display

    def _type(self, symbol: str) -> None:
        shown = "0" if self._fresh else self.display
        if len(shown) < DIGITS and not (symbol == "." and "." in shown):
            self.display = symbol if shown == "0" and symbol != "." else shown + symbol
        self._fresh = False

    def _calculate(self) -> None:
        right = Decimal(self.display) if self.display != "Error" else Decimal(0)
        try:
            # After "=", or a second operator, nothing is pending.
            pending = None if self._fresh else OPERATORS.get(self._operator)
            self._left = right if pending is None else pending(self._left, right)
            self.display = _shown(self._left)
        except DecimalException:
            self._left, self.display = Decimal(0), "Error"
        self._fresh = True


def _shown(number: Decimal) -> str:
    if abs(number) >= 10**DIGITS:
        return f"{number:.5e}"
    # As many digits as fit, and no "-0".
    return f"{round(number, DIGITS - 2).normalize(Context(prec=DIGITS)) or Decimal(0):f}"


class CalculatorElement(LiveElement):
    """
    One page's calculator. Its buttons are made of the template's pattern ``button``.
    """

    docFactory = xmlfile(sibpath(__file__, "calculator.html"), pattern="calculator")
    jsClass = "Calculating.Calculator"
    cssModule = "Calculating"

    def __init__(self) -> None:
        self.calculator = Calculator()

    @renderer
    def buttons(self, request: object, tag: Any) -> Any:
        """
        Render a node for each button, from the template's pattern.
        """
        button = IQ(tag).patternGenerator("button")
        for row in ROWS:
            for symbol in row.split():
                yield button(name=symbol)[symbol]

    @expose
    def press(self, symbol: str) -> str:
        """
        Called by the browser when a button is pressed.
        """
        return self.calculator.press(str(symbol))
