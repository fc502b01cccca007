// import Nevow.Athena

AthenaTests.Children.Child = Nevow.Athena.Widget.subclass("AthenaTests.Children.Child");
AthenaTests.Children.Child.methods(
    function __init__(self, node, greeting) {
        AthenaTests.Children.Child.upcall(self, "__init__", node);
        self.greeting = greeting;
        self.detachments = 0;
    },

    function detached(self) {
        self.detachments += 1;
    });

/** Whether this widget has been removed from its parent and the registry. */
AthenaTests.Children.isGone = function (widget) {
    return widget.widgetParent === null && Nevow.Athena.Widget._athenaWidgets[widget.objectID] === undefined;
};

AthenaTests.Children.Parent = Nevow.Athena.Widget.subclass("AthenaTests.Children.Parent");
AthenaTests.Children.Parent.methods(
    /** Have the server send a child. */
    function addChild(self, methodName, argument) {
        var asked = argument === undefined ? self.callRemote(methodName) : self.callRemote(methodName, argument);
        return asked.addCallback(function (info) {
            return self.addChildWidgetFromWidgetInfo(info);
        });
    },

    /** Is this a proper child, the last, and can it call the server? */
    function isProperChild(self, child) {
        return child.callRemote("double", 21).addCallback(function (answer) {
            return [
                child === Nevow.Athena.Widget.fromAthenaID(child.objectID),
                child === self.childWidgets[self.childWidgets.length - 1],
                child.widgetParent === self,
                answer,
            ];
        });
    },

    function addFromInfo(self) {
        return self.addChild("child").addCallback(function (child) {
            return self.isProperChild(child);
        });
    },

    function addFromComponents(self) {
        return self.callRemote("components").addCallback(function (components) {
            var markup = '<p xmlns="http://www.w3.org/1999/xhtml" xmlns:athena="' + Nevow.Athena.XMLNS_URI + '" id="athena:'
                + components[0] + '" athena:class="' + components[1] + '">made here</p>';
            return self.addChildWidgetFromWidgetInfo({
                "id": components[0], "class": components[1], "initArguments": ["hello"], "children": [],
                "markup": markup, "requiredModules": [], "requiredCSSModules": [],
            });
        }).addCallback(function (child) {
            return self.isProperChild(child).addCallback(function (proper) {
                return proper.concat([child.greeting, child.node.textContent]);
            });
        });
    });

// Leaving

AthenaTests.Children.Parent.methods(
    function remove(self) {
        return self.addChild("child").addCallback(function (child) {
            self.removeChildWidget(child);
            return [child.widgetParent, self.childWidgets.length];
        });
    },

    function removeStranger(self) {
        return self.addChild("child").addCallback(function (child) {
            self.removeChildWidget(child);
            try {
                self.removeChildWidget(child);
            } catch (error) {
                return error instanceof Nevow.Athena.NoSuchChild;
            }
        });
    },

    function removeAll(self) {
        var children = [];
        var keep = function (child) {
            children.push(child);
        };
        return self.addChild("child").addCallback(keep).addCallback(function () {
            return self.addChild("child");
        }).addCallback(keep).addCallback(function () {
            self.removeAllChildWidgets();
            return [self.childWidgets.length, children[0].widgetParent, children[1].widgetParent];
        });
    },

    /**
     * Add a child that has two children, and have it detached, by the browser or by the server.
     * What has been removed here, how often detached() was called here, and the server's result.
     */
    function detachChild(self, fromServer, orphaned) {
        var family;
        return self.addChild("child", 2).addCallback(function (child) {
            family = [child].concat(child.childWidgets);
            return self.callRemote("remember");
        }).addCallback(function () {
            if (orphaned) {
                self.removeChildWidget(family[0]);
            }
            return fromServer ? self.callRemote("detachLatest") : family[0].detach();
        }).addCallback(function () {
            return self.callRemote("state");
        }).addCallback(function (state) {
            return [
                family.map(AthenaTests.Children.isGone),
                family.map(function (child) {
                    return child.detachments;
                }),
                self.childWidgets.length,
                state,
            ];
        });
    });

// Nodes of widgets that come later

AthenaTests.Children.Parent.methods(
    /** What a new widget finds before it is in the document, and then; and whether it was told of the latter. */
    function searchIn(self) {
        return self.addChild("location").addCallback(function (child) {
            var found = [document.contains(child.node), child.nodeById("username").tagName.toLowerCase()];
            found.push(child.thrown("nodeById", "missing"));
            self.node.appendChild(child.node);
            found.push(child.nodeById("username").tagName.toLowerCase(), child.insertions);
            return found;
        });
    },

    function addStyled(self) {
        return self.addChild("styled").addCallback(function (child) {
            return child instanceof AthenaTests.Styled.Widget;
        });
    });

// Errors and time

AthenaTests.Children.Parent.methods(
    function failCaught(self) {
        return self.callRemote("fail").addErrback(function () {
            return "caught";
        });
    },

    function failUncaught(self) {
        self.callRemote("fail");
    },

    /** Have three functions called later: the order in which that happens, `undefined` for what came at once. */
    function callInOrder(self) {
        var called = [];
        var over = Divmod.Defer.Deferred();
        self.callLater(0.06, function () {
            over.callback(called);
        });
        self.callLater(0.03, function () {
            called.push("second");
        });
        self.callLater(0.01, function () {
            called.push("first");
        });
        self.callLater(0.02, function () {
            called.push("cancelled");
        }).cancel();
        called.push("at once");
        return over;
    });
