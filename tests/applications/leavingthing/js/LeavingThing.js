// import Nevow.Athena

Nevow.Athena.Widget.subclass(LeavingThing, "CountingWidget").methods(
    function __init__(self, node) {
        LeavingThing.CountingWidget.upcall(self, "__init__", node);
        self.sent = 0;
        self.answered = [];
        self.received = [];
        self.lost = null;
    },

    /** Call the server every few milliseconds. */
    function start(self) {
        self.timer = setInterval(function () {
            var number = self.sent++;
            self.callRemote("count", number).addCallbacks(
                function () { self.answered.push(number); },
                function (failure) { self.lost = String(failure.error); });
        }, 10);
    },

    /** Called by the server. */
    function count(self, number) {
        self.received.push(number);
    },

    /** Call no more, and return what has arrived where. */
    async function stop(self) {
        clearInterval(self.timer);
        var server = await self.callRemote("report");
        await self.callRemote("report");
        return { sent: self.sent, answered: self.answered, received: self.received, server: server, lost: self.lost };
    });
