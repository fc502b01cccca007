/**
 * Helpers for unit tests of widgets, under their names in Nevow. Only pages of tests load this module.
 */

// import Nevow.Athena
// import Nevow.Athena.OwnPage

Object.assign(Nevow.Test.WidgetUtil, {
    /** A node for a widget with this number. */
    makeWidgetNode(athenaID = 1) {
        const node = document.createElement("div");
        node.id = Nevow.Athena.Widget.translateAthenaID(athenaID);
        return node;
    },

    /** Make `widget` the one with this number, in the place of another. */
    registerWidget(widget, athenaID = 1) {
        Nevow.Athena.Widget._athenaWidgets[athenaID] = widget;
    },

    /**
     * Replace the page by one of the test's own, which sends nothing, so that events can be dispatched.
     * @returns a function that brings the page back
     */
    mockTheRDM() {
        const page = Nevow.Athena.page;
        Nevow.Athena.page = Nevow.Athena.PageWidget("fake-page-id", () => ({
            pause() {},
            unpause() {},
            addMessage() {},
        }));
        return () => {
            Nevow.Athena.page = page;
        };
    },
});
