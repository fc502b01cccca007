// import Divmod.UnitTest
// import AddressBook.Names

AddressBook.TestNames.SortKeyTests = Divmod.UnitTest.TestCase.subclass('AddressBook.TestNames.SortKeyTests');
AddressBook.TestNames.SortKeyTests.methods(
    function test_family(self) {
        self.assertIdentical(AddressBook.Names.sortKey('Ada King Lovelace'), 'lovelace ada king');
    },

    function test_single(self) {
        self.assertIdentical(AddressBook.Names.sortKey('Plato'), 'plato');
    });
