# -*- test-case-name: tests.porting.test_scopes -*-
"""Names that functions bind."""

import libcst as cst
from twisted.trial.unittest import SynchronousTestCase

from athenalite._porting.scopes import Frame, dotted


class FrameTests(SynchronousTestCase):
    """``Frame.bindingOf``"""

    def test_binds(self):
        """Parameters and all kinds of assignments; neither uses, nor those of functions inside, nor imports."""
        frame = Frame(
            cst.parse_statement(
                "def f(a, *b, c=1, **d):\n"
                "    e, (g, *h) = i = use\n"
                "    for j in use: k: int = 2; l += 1\n"
                "    with use as m: [n for n in (o := use)]\n"
                "    try: pass\n"
                "    except use as p: pass\n"
                "    def q(no): no2 = lambda no3: 1\n"
                "    class r: no4 = 1\n"
                "    import no5, no6 as no7\n"
                "    from no8 import no9\n"
            )
        )
        for name in "abcdeghijklmnopqr":
            self.assertIsNotNone(frame.bindingOf(name), name)
        for name in ("use", "f", "no", "no2", "no3", "no4", "no5", "no6", "no7", "no8", "no9"):
            self.assertIsNone(frame.bindingOf(name), name)

    def test_dotted(self):
        """Dotted names, in whatever layout."""
        for text, name in {"a": "a", "a . b.c": "a.b.c", "a().b": None, "(a).b": None, "a[0].b": None}.items():
            self.assertEqual(dotted(cst.parse_expression(text)), name)
