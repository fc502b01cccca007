/**
 * Shows the panes of the tabs that are clicked, on pages without widgets: of what tabbedPane(ctx, data) makes.
 */
window.addEventListener("click", function (event) {
    "use strict";

    function named(node, kind, isSelected) {
        node.className = "nevow-tabbedpane-" + (isSelected ? "selected-" : "") + kind;
    }

    // A form's field may hide what the form has.
    var tab = HTMLElement.prototype.closest.call(event.target, ".nevow-tabbedpane[data-tabbedpane] > .nevow-tabbedpane-tabs > li");
    if (!tab) {
        return;
    }
    var tabs = tab.parentNode.children, panes = tab.parentNode.parentNode.children;
    for (var i = 0; i < tabs.length; i++) {
        named(tabs[i], "tab", tabs[i] === tab);
        // The first child of the whole has the tabs.
        named(panes[i + 1], "pane", tabs[i] === tab);
    }
});
