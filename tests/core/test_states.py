# -*- test-case-name: tests.core.test_states -*-
"""The table of states."""

from twisted.trial.unittest import SynchronousTestCase

from athenalite._core.states import TRANSITIONS, State


class StateTests(SynchronousTestCase):
    """``TRANSITIONS``."""

    def test_lost(self):
        """Each state but LOST may lead to it, and nothing leads out."""
        self.assertEqual({state for state, event in TRANSITIONS if event == "lost"}, set(State) - {State.LOST})
        self.assertNotIn(State.LOST, {state for state, _ in TRANSITIONS})

    def test_socket(self):
        """Only a connected page has a socket to lose, and only a new socket leads to it."""
        self.assertEqual([state for state, event in TRANSITIONS if event == "socketLost"], [State.CONNECTED])
        self.assertEqual(
            {event for (_, event), state in TRANSITIONS.items() if state is State.CONNECTED}, {"socketOpened"}
        )
