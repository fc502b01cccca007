from random import randrange

from twisted.internet.task import LoopingCall
from twisted.logger import Logger

from athenalite.live import LiveElement, part, sibpath, xmlfile


class Dashboard(LiveElement):
    docFactory = xmlfile(sibpath(__file__, "dashboard.html"))
    cssModule = "Live"
    loads, history = dict.fromkeys(range(50), (0, 0)), [0.0] * 60

    def connectionMade(self):
        self.timer = LoopingCall(self.measure)
        self.timer.start(0.5).addErrback(lambda failure: Logger().failure("The measuring has failed", failure))

    def connectionLost(self, reason):
        self.timer.stop()

    def measure(self):
        self.loads = {number: (number, randrange(100)) for number in range(50)}
        self.history = [*self.history[1:], sum(load for _, load in self.loads.values()) / 50]
        self.rerender()

    @part.each("loads")
    def rows(self, request, tag, row):
        return tag.fillSlots(number=row[0], load=row[1])

    @part
    def chart(self, request, tag):
        return tag(points=" ".join(f"{x},{100 - y:.1f}" for x, y in enumerate(self.history)))
