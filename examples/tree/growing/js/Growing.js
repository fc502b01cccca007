// import Nevow.Athena

/**
 * A branch, with the widgets of other branches in it: some came with the page, others come later.
 */
Nevow.Athena.Widget.subclass(Growing, "Branch").methods(
    function __init__(self, node, label) {
        Growing.Branch.upcall(self, "__init__", node);
        self.label = label;
        // Widgets in this one have nodes of the same names; this one's own come first.
        self.branches = self.firstNodeByAttribute("name", "branches");
        self.field = self.firstNodeByAttribute("name", "label");
        self.message = self.firstNodeByAttribute("name", "message");
    },

    function loaded(self) {
        // The trunk stays: it is not a branch of another.
        self.firstNodeByAttribute("name", "prune").hidden = !(self.widgetParent instanceof Growing.Branch);
    },

    function grow(self) {
        self.report("");
        self.callRemote("grow", self.field.value).addCallback(function (info) {
            return self.addChildWidgetFromWidgetInfo(info);
        }).addCallback(function (branch) {
            self.branches.appendChild(branch.node);
            self.field.value = "";
        }).addErrback(function (failure) {
            self.report(failure.error.message);
        });
        return false;
    },

    function prune(self) {
        var parent = self.widgetParent;
        self.detach().addCallback(function () {
            // The button that had the focus has been removed.
            parent.field.focus();
        });
        return false;
    },

    /**
     * Called when this branch, and those on it, have been detached on both sides.
     */
    function detached(self) {
        self.node.remove();
        Growing.Branch.upcall(self, "detached");
    },

    function count(self) {
        self.callRemote("count").addCallback(function (count) {
            self.report(count === 1 ? "1 branch" : count + " branches");
        });
        return false;
    },

    function report(self, text) {
        self.message.textContent = text;
    });
