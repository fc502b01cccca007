"""Two elements on a page, whose methods count, and fail."""

from athenalite import tags as T
from athenalite.athena import LiveElement
from athenalite.live import expose, part
from athenalite.loaders import stan, xmlstr
from athenalite.page import renderer

COUNTER = """<section xmlns:nevow="http://nevow.com/ns/nevow/0.1"
        xmlns:athena="http://divmod.org/ns/athena/0.7" nevow:render="liveElement">
    <p nevow:render="count" />
    <button>count<athena:handler event="onclick" remote="increase" /></button>
    <button>fail<athena:handler event="onclick" remote="fail" /></button>
</section>"""


class Counter(LiveElement):
    docFactory = xmlstr(COUNTER)
    count_ = 0

    @part
    def count(self, request, tag):
        return tag(f"counted {self.count_}")

    @expose
    def increase(self):
        self.count_ += 1
        self.rerender("count")

    @expose
    def fail(self):
        raise ValueError("it fails")


class Counters(LiveElement):
    docFactory = stan(
        T.div(render=T.directive("liveElement"), role="main")[T.h1["Counters"], T.div(render=T.directive("counters"))]
    )

    @renderer
    def counters(self, request, tag):
        for _ in range(2):
            counter = Counter()
            counter.setFragmentParent(self)
            tag(counter)
        return tag
