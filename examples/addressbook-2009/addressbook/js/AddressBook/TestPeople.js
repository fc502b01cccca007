// import Nevow.Athena.Test
// import Divmod.UnitTest
// import AddressBook
// import AddressBook.TestNames

AddressBook.TestPeople.PeopleTests = Nevow.Athena.Test.TestCase.subclass('AddressBook.TestPeople.PeopleTests');
AddressBook.TestPeople.PeopleTests.methods(
    function makePeople(self) {
        var d = self.callRemote('makePeople');
        d.addCallback(
            function(info) {
                return self.addChildWidgetFromWidgetInfo(info);
            });
        d.addCallback(
            function(people) {
                self.node.appendChild(people.node);
                return people;
            });
        return d;
    },

    function names(self, people) {
        var nodes = Nevow.Athena.NodesByAttribute(people.node, 'class', 'name');
        var names = [];
        for (var i = 0; i < nodes.length; ++i) {
            names.push(nodes[i].childNodes[0].nodeValue);
        }
        return names;
    },

    function test_add(self) {
        var d = self.makePeople();
        d.addCallback(
            function(people) {
                var added = people.add('Grace Hopper', '5');
                added.addCallback(
                    function(person) {
                        self.assertArraysEqual(self.names(people), ['Grace Hopper', 'Ada Lovelace']);
                    });
                return added;
            });
        return d;
    },

    function test_remove(self) {
        var d = self.makePeople();
        d.addCallback(
            function(people) {
                var person = people.childWidgets[0];
                var removed = person.callRemote('remove');
                removed.addCallback(
                    function(ignored) {
                        self.assertArraysEqual(self.names(people), []);
                        self.assertIdentical(people.childWidgets.length, 0);
                    });
                return removed;
            });
        return d;
    });
