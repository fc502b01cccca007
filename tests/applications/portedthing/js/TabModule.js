// import Nevow.Athena

// The module becomes a class, and what it holds are attributes of the class.
TabModule = Nevow.Athena.Widget.subclass('TabModule');
TabModule.methods(
    function showChosen(self, node) {
        node.style.color = chosenColour;
    });
chosenColour = 'red';

TabModule.Pane = TabModule.subclass('TabModule.Pane');
TabModule.Pane.methods(
    function __init__(self, node, names) {
        var field = document.getElementById('athena-init-args-' + node.id.split(':')[1]);
        self.names = JSON.parse(field.value)[0];
        self.same = names.length == self.names.length;
        TabModule.Pane.upcall(self, '__init__', node);
    });
TabModule.Pane.method('choose', function (self, node, event) {
    self.showChosen(node);
    self.chosen = [self.names, self.same, event.type];
});
