// import Nevow.Athena.Test
// import Divmod.UnitTest
// import AddressBook.TestNames

AddressBook.TestUnits.NamesTests = Nevow.Athena.Test.TestCase.subclass('AddressBook.TestUnits.NamesTests');
AddressBook.TestUnits.NamesTests.methods(
    function test_names(self) {
        var result = Divmod.UnitTest.TestResult();
        Divmod.UnitTest.loadFromModule(AddressBook.TestNames).run(result);
        self.assertIdentical(result.getSummary()[0], 2);
        self.assert(result.wasSuccessful(), Divmod.UnitTest.formatErrors(result));
    });
