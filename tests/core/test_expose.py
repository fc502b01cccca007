# -*- test-case-name: tests.core.test_expose -*-
"""Exposed methods are reached by name; nothing else is, and nothing runs while looking."""

from functools import partial

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from athenalite._core.expose import Expose, expose, noSuchMethod, remedyFor


def trap(*args):
    """Must not run."""
    raise AssertionError("a browser made this run")


class Hostile:
    """Runs code at any attribute access."""

    def __getattribute__(self, name):
        trap()


class Chatter:
    """Exposes some of its methods."""

    attribute = "text"
    hostile = Hostile()
    trapped = property(trap)

    @expose
    def hear(self):
        return "heard"

    def say(self):
        return "said"

    def shout(self):
        return "shouted"

    expose(say, shout)

    def hidden(self):
        trap()

    later = expose(lambda self: "later")

    @expose
    @staticmethod
    def static():
        return "static"

    @staticmethod
    @expose
    def staticToo():
        return "static too"

    @expose
    @classmethod
    def ofClass(cls):
        return cls.__name__

    def __getattr__(self, name):
        trap()


EXPOSED = ["hear", "later", "ofClass", "say", "shout", "static", "staticToo"]


class ExposeTests(SynchronousTestCase):
    """``expose`` and ``expose.get``."""

    def test_ways(self):
        """As a decorator, as a call with several functions, as an assignment: each exposes, bound to the instance."""
        results = [expose.get(Chatter(), name)() for name in EXPOSED]
        self.assertEqual(results, ["heard", "later", "Chatter", "said", "shouted", "static", "static too"])

    def test_names(self):
        """Exposed names are listed, inherited ones too, and no code runs for that."""
        self.assertEqual(list(expose.exposedMethodNames(Chatter())), EXPOSED)
        self.assertEqual(list(expose.exposedMethodNames(type("Sub", (Chatter,), {})())), EXPOSED)

    def test_remedy(self):
        """What an author does about a name that cannot be called."""
        self.assertIn("Chatter.hidden is not exposed: write @expose above it", remedyFor(Chatter(), "hidden"))
        self.assertIn("did you mean 'shout'?", remedyFor(Chatter(), "shot"))
        self.assertEqual(remedyFor(Chatter(), "xyz"), "Chatter exposes no method 'xyz'.")
        self.assertIn("There is no object for 'x'", remedyFor(None, "x"))
        error = noSuchMethod(Chatter(), 5, "hidden")
        self.assertEqual((error.args, error.remedy()), ((5, "hidden"), remedyFor(Chatter(), "hidden")))

    def test_returnsFirst(self):
        """``expose`` returns the first function, unchanged."""
        self.assertIs(expose(trap, len.__class__.__call__ and partial(trap)), trap)
        del trap.exposedThrough

    def test_notFunctions(self):
        """Objects that cannot be marked cannot be exposed; ``expose()`` without arguments is an error too."""
        for odd in (1, "hear", None, len, Chatter):
            self.assertRaises(TypeError, expose, odd)
        self.assertRaises(TypeError, expose)

    def test_unknown(self):
        """A name without a method raises an AttributeError that names the class, or returns the default."""
        error = self.assertRaises(AttributeError, expose.get, Chatter(), "fly")
        self.assertIn("Chatter", str(error))
        self.assertEqual(expose.get(Chatter(), "fly", 3), 3)
        self.assertIsNone(expose.get(Chatter(), "hidden", None))

    @given(st.sampled_from([*dir(Chatter), "", ".", "hear.__func__", "\ud800", "\x00"]) | st.text())
    def test_nothingElse(self, name):
        """No other name is reached: no property, no attribute, no double underscore; and none of them runs."""
        found = expose.get(Chatter(), name, None)
        self.assertEqual(found is not None, name in EXPOSED)

    def test_override(self):
        """A subclass that overrides an exposed method hides it, until it exposes its own."""

        class Careful(Chatter):
            def hear(self):
                trap()

            @expose
            def say(self):
                return "whispered"

        self.assertIsNone(expose.get(Careful(), "hear", None))
        self.assertEqual(expose.get(Careful(), "say")(), "whispered")
        self.assertEqual(expose.get(Chatter(), "hear")(), "heard")

    def test_instance(self):
        """A function on the instance has precedence: exposed it can be reached, otherwise it hides the method."""
        chatter = Chatter()
        chatter.__dict__["extra"] = expose(lambda: "extra")
        chatter.__dict__["hear"] = lambda: trap()
        self.assertEqual(expose.get(chatter, "extra")(), "extra")
        self.assertIsNone(expose.get(chatter, "hear", None))
        self.assertEqual(list(expose.exposedMethodNames(chatter)), sorted({*EXPOSED, "extra"} - {"hear"}))

    def test_boundMethod(self):
        """An exposed method of another object, put on an instance, is exposed there too."""
        chatter = Chatter()
        chatter.__dict__["other"] = Chatter().hear
        self.assertEqual(expose.get(chatter, "other")(), "heard")

    def test_kinds(self):
        """A method exposed to one kind of peer is not exposed to another."""
        admin = Expose()

        class Both:
            @expose
            @admin
            def both(self):
                return "both"

            @admin
            def stop(self):
                return "stopped"

        self.assertEqual(list(expose.exposedMethodNames(Both())), ["both"])
        self.assertEqual(list(admin.exposedMethodNames(Both())), ["both", "stop"])
        self.assertIsNone(expose.get(Both(), "stop", None))

    def test_slots(self):
        """An object without a ``__dict__`` can expose methods."""

        class Slotted:
            __slots__ = ("value",)

            @expose
            def hear(self):
                return "heard"

        self.assertEqual(list(expose.exposedMethodNames(Slotted())), ["hear"])
        self.assertIsNone(expose.get(Slotted(), "value", None))
