// import Nevow.Athena
// import Divmod.Runtime

PortedThing.Clock = Nevow.Athena.Widget.subclass('PortedThing.Clock');
PortedThing.Clock.methods(
    function start(self, node) {
        self.callRemote('start');
        return false;
    },
    function setTime(self, toTime) {
        self.nodeByAttribute('class', 'clock-time').innerHTML = toTime;
    });

Nevow.Athena.Widget.subclass(PortedThing, 'Screen').methods(
    function __init__(self, node) {
        PortedThing.Screen.upcall(self, '__init__', node);
        self.content = Nevow.Athena.FirstNodeByAttribute(self.node, 'id', self.translateNodeId('content'));
    },
    function updateHMI(self) {
        var d = self.callRemote('getHMI');
        d.addCallback(function (info) {
            return self.addChildWidgetFromWidgetInfo(info);
        });
        d.addCallback(function (widget) {
            while (self.content.childNodes.length) {
                self.content.removeChild(self.content.firstChild);
            }
            self.content.appendChild(widget.node);
        });
        return d;
    });

Nevow.Athena.Widget.subclass(PortedThing, 'Drawing').methods(
    function loaded(self) {
        Divmod.Base.addToCallStack(self, 'handleEvent', function (event) {
            self.nodeById('lamp').setAttribute('fill', 'red');
        });
        self.node.addEventListener('click', self, false);
    });

PortedThing.Form = Nevow.Athena.Widget.subclass('PortedThing.Form');
PortedThing.Form.DOM_DESCEND = Divmod.Runtime.Platform.DOM_DESCEND;
PortedThing.Form.DOM_CONTINUE = Divmod.Runtime.Platform.DOM_CONTINUE;
PortedThing.Form.methods(
    function getFormName(self) {
        return Nevow.Athena.getAttribute(self.node, 'formname', Nevow.Athena.XMLNS_URI, 'athena');
    },
    function gatherInputs(self) {
        var inputs = {formname: self.getFormName(), missing: self.nodeByAttribute('class', 'no-such', null)};
        Divmod.Runtime.theRuntime.traverse(self.node, function (node) {
            if (node.tagName == 'INPUT' && node.type == 'checkbox') {
                inputs[node.name] = node.checked;
                return PortedThing.Form.DOM_CONTINUE;
            }
            if ((node.tagName == 'INPUT' || node.tagName == 'TEXTAREA') && node.name) {
                inputs[node.name] = node.value;
                return PortedThing.Form.DOM_CONTINUE;
            }
            return PortedThing.Form.DOM_DESCEND;
        });
        return inputs;
    },
    function changed(self, node) {
        self.nodeByAttribute('class', 'answer').setAttribute('title', self.nodeById('name').value);
    },
    function submit(self) {
        var d = self.callRemote('invoke', self.gatherInputs());
        d.addCallback(function (answer) {
            self.nodeByAttribute('class', 'answer').appendChild(document.createTextNode(answer));
        });
        return false;
    });
