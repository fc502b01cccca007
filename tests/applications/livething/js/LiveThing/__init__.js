// import Nevow.Athena

Nevow.Athena.Widget.subclass(LiveThing, "Counter").methods(
    function click(self) {
        return self.callRemote("increment").addCallback(function (count) {
            self.nodeByAttribute("class", "count").textContent = count;
            return count;
        });
    });
