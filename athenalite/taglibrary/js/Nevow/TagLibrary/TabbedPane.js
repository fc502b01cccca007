/**
 * Panes one of which is shown, and tabs to choose it by.
 */

/**
 * The nodes of a tabbed pane.
 *
 * @ivar selectedTabName: the name of the tab whose pane is shown.
 */
Nevow.TagLibrary.TabbedPane.TabbedPaneView = Divmod.Class.subclass(
    "Nevow.TagLibrary.TabbedPane.TabbedPaneView");
Nevow.TagLibrary.TabbedPane.TabbedPaneView.methods(
    /**
     * @param nodeById: returns the nodes with the ids "tab-container" and "pane-container".
     */
    function __init__(self, nodeById, selectedTabName) {
        self.nodeById = nodeById;
        self.selectedTabName = selectedTabName;
    },

    /** The name of a tab is its text. */
    function tabNameFromTabNode(self, tabNode) {
        var first = tabNode.firstChild || tabNode.childNodes[0];
        return first && first.nodeValue !== null && first.nodeValue !== undefined ? first.nodeValue : tabNode.textContent;
    },

    function _nodesNamed(self, name) {
        var tabs = self._elements("tab-container");
        for (var i = 0; i < tabs.length; i++) {
            if (self.tabNameFromTabNode(tabs[i]) === name) {
                return { tab: tabs[i], pane: self._elements("pane-container")[i] };
            }
        }
        throw new Error("There is no tab " + name);
    },

    function _elements(self, id) {
        return Array.prototype.filter.call(self.nodeById(id).childNodes, function (node) {
            return node.tagName;
        });
    },

    /** The pane of the tab of this name. */
    function getNamedPaneNode(self, name) {
        return self._nodesNamed(name).pane;
    },

    /** Show a node in the place of what a pane contains. */
    function replaceNamedPaneContent(self, name, node) {
        var pane = self.getNamedPaneNode(name);
        while (pane.childNodes.length) {
            pane.removeChild(pane.childNodes[0]);
        }
        pane.appendChild(node);
    },

    /** Show the pane of the tab of this name, and hide the one that is shown. */
    function selectNamedTab(self, name) {
        var last = self._nodesNamed(self.selectedTabName), next = self._nodesNamed(name);
        last.tab.setAttribute("class", "nevow-tabbedpane-tab");
        last.pane.setAttribute("class", "nevow-tabbedpane-pane");
        next.tab.setAttribute("class", "nevow-tabbedpane-selected-tab");
        next.pane.setAttribute("class", "nevow-tabbedpane-selected-pane");
        self.selectedTabName = name;
    });

/**
 * The widget of a TabbedPaneFragment.
 *
 * @ivar view: its nodes; a subclass or a test may replace it.
 */
Nevow.TagLibrary.TabbedPane.TabbedPane = Nevow.Athena.Widget.subclass("Nevow.TagLibrary.TabbedPane.TabbedPane");
Nevow.TagLibrary.TabbedPane.TabbedPane.methods(
    function __init__(self, node, selectedTabName) {
        Nevow.TagLibrary.TabbedPane.TabbedPane.upcall(self, "__init__", node);
        self.view = Nevow.TagLibrary.TabbedPane.TabbedPaneView(function (id) {
            return self.nodeById(id);
        }, selectedTabName);
        self._loaded = false;
        self._pendingTabName = null;
    },

    /** Show a tab that was chosen before the widgets in the panes were there. */
    function loaded(self) {
        self.node.style.opacity = "";
        self._loaded = true;
        if (self._pendingTabName !== null) {
            self._select(self._pendingTabName);
            self._pendingTabName = null;
        }
    },

    /** Handles a click on a tab. */
    function dom_tabClicked(self, node) {
        self.tabClicked(node);
        return false;
    },

    function tabClicked(self, node) {
        var name = self.view.tabNameFromTabNode(node);
        if (self._loaded) {
            self._select(name);
        } else {
            self._pendingTabName = name;
        }
    },

    function _select(self, name) {
        self.view.selectNamedTab(name);
        self.namedTabSelected(name);
    },

    /** Override it: called when a tab was chosen. */
    function namedTabSelected(self, name) {
    });
