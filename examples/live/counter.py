from athenalite.live import LiveElement, expose, part, sibpath, xmlfile


class Counter(LiveElement):
    docFactory = xmlfile(sibpath(__file__, "counter.html"))
    value = 0

    @part
    def count(self, request, tag):
        return tag(str(self.value))

    @expose
    def add(self, by: int):
        self.value += by
        self.rerender("count")
