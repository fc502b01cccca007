// import Nevow.Athena

Nevow.Athena.Widget.subclass(HidingOld, "Form").methods(
    function say(self) {
        return self.callRemote("echo", self.nodeById("said").value).addCallback(function (text) {
            self.nodeById("answer").textContent = text;
        });
    },

    /** Use all that the runtime does with nodes; what it found. */
    function look(self) {
        var runtime = Divmod.Runtime.theRuntime;
        var visited = 0;
        runtime.traverse(self.node, function () {
            visited += 1;
            return Divmod.Runtime.Platform.DOM_DESCEND;
        });
        runtime.setAttribute(self.node, "title", "a form", "http://www.w3.org/1999/xhtml", "");
        var size = runtime.getElementSize(self.node);
        return [
            visited > 50, size.w > 0 && size.h > 0, typeof runtime.findPosX(self.node), typeof runtime.findPosY(self.node),
            runtime.getAttribute(self.node, "title", "http://www.w3.org/1999/xhtml", ""),
            runtime.getElementsByTagNameShallow(self.node, "p").length,
            Nevow.Athena.Widget.get(self.nodeById("answer")) === self,
            Nevow.Athena.page.baseURL() === Divmod.baseURL(),
            runtime.getElementByIdWithNode(self.node, "athenaid:" + self.objectID + "-answer").localName,
        ].join(" ");
    });
