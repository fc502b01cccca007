"""Calls from the browser to the server, and back."""

from twisted.internet import defer
from zope.interface import implementer

from athenalite import athena, inevow, loaders
from athenalite import tags as T

BOXES = "[]{}\"'\\/"
CONTROLS = "\0\x01\x07\b\t\n\v\f\r\x1b\x7f\x80\x9f"

STRUCTURES: list[object] = [
    *(0, 1, -1, 2**31, -(2**31), 2**53 - 1, 0.5, -1.5e-300, 1.7e308, True, False, None),
    *("", " ", "abc", BOXES, BOXES * 3, CONTROLS, "\N{SNOWMAN}", "\N{DROMEDARY CAMEL}", "\u2028\u2029\ufeff\uffff"),
    *("</script><!--", "&lt;&amp;", "%s %d {} ${x}", "\\u0041\\\\", "null", '"'),
    *([], {}, [[]], [{}], {"": []}, [None, [None, [None]]], [1, "1", [1.5, {"1": 1}]]),
    {"__proto__": {"constructor": 1}, "toString": "x", "length": 3},
    {BOXES: CONTROLS, "\N{DROMEDARY CAMEL}": ["\N{DROMEDARY CAMEL}"] * 2},
]


@implementer(inevow.IAthenaTransportable)
class Custom(object):  # noqa: UP004
    """Arrives as an instance of its JavaScript class."""

    jsClass = "AthenaTests.Calls.Custom"

    def __init__(self, *arguments):
        self.arguments = arguments

    def getInitialArguments(self):
        return self.arguments


class Refusal(athena.LivePageError):
    """The browser has a class for it."""

    jsClass = "AthenaTests.Calls.Refusal"


class Undefined(athena.LivePageError):
    """The browser has none."""

    jsClass = "AthenaTests.Calls.IsNotDefined"


ERRORS = {
    "plain": lambda: athena.LivePageError("Said by the server."),
    "class": lambda: Refusal("no", [1, 2]),
    "undefined": lambda: Undefined("no such class"),
    "any script": lambda: athena.LivePageError("\u0416\u4e2d\N{DROMEDARY CAMEL}"),
}


class Calls(athena.LiveElement):
    """Calls in both directions."""

    jsClass = "AthenaTests.Calls.Widget"
    docFactory = loaders.stan(T.div(render=T.directive("liveElement"))["calls"])

    def getInitialArguments(self):
        return [1, "two", [3.0] * 5]

    def describe(self, *arguments):
        """Return the repr of the arguments."""
        return repr(arguments)

    def results(self):
        """Return values of many types."""
        return (1, 1.5, "Hello world", [1, 1.5, "Hello world"], {"hello world": "object value"})

    @defer.inlineCallbacks
    def roundtrip(self):
        """Send each structure to the browser and back: return their number, and those that were changed."""
        changed = []
        for structure in STRUCTURES:
            returned = yield self.callRemote("identity", structure)
            if returned != structure or type(returned) is not type(structure):
                changed.append(repr((structure, returned)))
        return len(STRUCTURES), changed

    def fail(self, kind):
        """Raise an error."""
        raise ERRORS[kind]()

    def failLater(self, kind):
        """Return a Deferred that fails."""
        return defer.fail(ERRORS[kind]())

    athena.expose(describe, results, roundtrip, fail, failLater)

    @athena.expose
    def sendArguments(self):
        """Call with all kinds of arguments, and return the browser's description of them."""
        return self.callRemote("take", 1, 1.5, "Hello world", [1, "x"], {"a": None}, Custom("Hello", 2))

    @athena.expose
    def askResults(self):
        """Call for all kinds of results, and return their repr."""
        return self.callRemote("give").addCallback(repr)

    @athena.expose
    def askFailure(self, methodName):
        """Call a method that fails in the browser: return class, text and traceback of the Failure."""

        def failed(failure):
            failure.trap(athena.JSException)
            return failure.type.__name__, str(failure.value), failure.getTraceback()

        return self.callRemote(methodName).addErrback(failed)

    @athena.expose
    async def awaitFailure(self, methodName):
        """The same with a coroutine: return the files of the traceback that it has."""
        try:
            await self.callRemote(methodName)
        except athena.JSException as error:
            files = []
            traceback = error.__traceback__
            while traceback is not None:
                files.append(traceback.tb_frame.f_code.co_filename.rpartition("/")[2])
                traceback = traceback.tb_next
            return files


class Modern(Calls):
    """The same for a widget of an ES module on the same page."""

    jsClass = "AthenaTests.Modern.Widget"
