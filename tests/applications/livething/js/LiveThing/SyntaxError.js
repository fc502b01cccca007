// import Nevow.Athena.Test

Nevow.Athena.Test.TestCase.subclass(LiveThing.SyntaxError, "Tests").methods(
    function test_nothing(self) {
        self.assert(true));
    });
