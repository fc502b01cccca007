# -*- test-case-name: tests.page.test_reserved -*-
"""Names of subclasses that collide with ours"""

from dataclasses import dataclass
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from athenalite.athena import LiveElement, LiveFragment, LivePage
from tests.pages import InMemorySite, Plain


class CollisionTests(SynchronousTestCase):
    """A name of ours is refused when the class is made, or when it is set."""

    def assertCollides(self, base: type, name: str, value: Any = None) -> None:
        error = self.assertRaises(TypeError, type, "Mine", (base,), {name: value, "__module__": "app"})
        for part in ("app.Mine", repr(name), "rename"):
            self.assertIn(part, str(error))

    def test_classes(self) -> None:
        """A class cannot define them, be it as a value, a method or the field of a dataclass."""
        for name in ("page", "athenaID", "liveFragmentChildren", "_livingPage", "_take", "_athenaPage"):
            self.assertCollides(LiveElement, name)
            self.assertCollides(LiveFragment, name)
        for name in ("session", "values", "page", "liveFragmentChildren", "_head", "_athenaObjects", "_failed"):
            self.assertCollides(LivePage, name)
            self.assertCollides(type("Between", (LivePage,), {}), name)

        def define() -> None:
            @dataclass
            class Mine(LivePage):
                session: str  # type: ignore[assignment]

        self.assertRaises(TypeError, define)

    def test_set(self) -> None:
        """Nor can an instance set them."""

        class Page(LivePage):
            def __init__(self, name: str) -> None:
                super().__init__()
                setattr(self, name, "mine")

        class Element(LiveElement):
            def __init__(self) -> None:
                self.page = "mine"  # type: ignore[assignment]

        for name in ("session", "values"):
            self.assertIn(repr(name), str(self.assertRaises(TypeError, Page, name)))
        self.assertRaises(AttributeError, getattr, LivePage(), "session")
        self.assertIn("'page'", str(self.assertRaises(TypeError, Element)))

    def test_own(self) -> None:
        """Any other name is the application's, also private ones that our classes might have: they begin otherwise."""

        class Mine(Plain):
            def __init__(self) -> None:
                for name in ("page", "outbox", "lost", "rendered", "children", "liveElement", "connected", "objects",
                             "reason", "factory", "requirements", "disconnectCallbacks"):  # fmt: skip
                    setattr(self, f"_{name}", "mine")
                self.session = self.values = self.factory = "mine"

        element, socket = InMemorySite(self, Mine).page()
        element.callRemote("f")
        element.detach()
        self.assertEqual((element._page, element.session, element._children), ("mine", "mine", "mine"))
