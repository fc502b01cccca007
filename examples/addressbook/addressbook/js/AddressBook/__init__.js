// import Nevow.Athena
// import AddressBook.Names

/**
 * One person.
 */
AddressBook.Person = Nevow.Athena.Widget.subclass('AddressBook.Person');
AddressBook.Person.methods(
    function __init__(self, node, name) {
        AddressBook.Person.upcall(self, '__init__', node);
        self.name = name;
    },

    function dom_remove(self, node) {
        self.callRemote('remove');
        return false;
    },

    function detached(self) {
        self.node.parentNode.removeChild(self.node);
        AddressBook.Person.upcall(self, 'detached');
    });

/**
 * All people, and a form to add one.
 */
AddressBook.People = Nevow.Athena.Widget.subclass('AddressBook.People');
AddressBook.People.methods(
    /**
     * Insert the widget of a person at its place.
     */
    function insert(self, person) {
        var key = AddressBook.Names.sortKey(person.name);
        var before = null;
        for (var i = 0; i < self.childWidgets.length; ++i) {
            var other = self.childWidgets[i];
            if (other !== person && AddressBook.Names.sortKey(other.name) > key) {
                before = other.node;
                break;
            }
        }
        self.nodeById('rows').insertBefore(person.node, before);
    },

    function add(self, name, phone) {
        var d = self.callRemote('add', name, phone);
        d.addCallback(
            function(info) {
                return self.addChildWidgetFromWidgetInfo(info);
            });
        d.addCallback(
            function(person) {
                self.insert(person);
                return person;
            });
        return d;
    },

    function complain(self, text) {
        var node = self.nodeById('message');
        var message = document.createElement('p');
        message.className = 'message';
        message.appendChild(document.createTextNode(text));
        message.onclick = function() {
            node.removeChild(message);
        };
        node.innerHTML = '';
        node.appendChild(message);
    },

    function dom_add(self, node) {
        var name = self.nodeById('name');
        var phone = self.nodeById('phone');
        if (name.value === '') {
            self.complain('Please give a name.');
            return false;
        }
        var d = self.add(name.value, phone.value);
        d.addCallback(
            function(person) {
                name.value = phone.value = '';
            });
        return false;
    });
