// import Nevow.Athena

Divmod.Class.subclass(DynamicThing, "Point").methods(
    function __init__(self, x, inner) {
        self.size = x + (inner === undefined ? 0 : inner.size);
    });

Nevow.Athena.Widget.subclass(DynamicThing, "Widget").methods(
    /** Add the widget of `info` at the end. */
    function add(self, info) {
        return self.addChildWidgetFromWidgetInfo(info).addCallback(function (child) {
            self.node.appendChild(child.node);
            return child;
        });
    },

    function take(self, info) {
        return self.add(info).addCallback(function (child) {
            return child.callRemote("press");
        });
    },

    function measure(self, points) {
        return points[0] instanceof DynamicThing.Point ? points[0].size : "no Point";
    });
