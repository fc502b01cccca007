import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import "../../athenalite/js/legacy/divmod.js";

const { Divmod } = globalThis;

let events;
let stopLogging;

beforeEach(() => {
    events = [];
    Divmod.logger.observers = [];
    stopLogging = Divmod.logger.addObserver((event) => events.push(event));
});

afterEach(() => stopLogging());

test("subclass with a name sets __name__ and binds nothing; with a module and a name it does both and can be chained.", () => {
    const module = { __name__: "Mod" };
    const A = Divmod.Class.subclass("Mod.A");
    assert.equal(A.__name__, "Mod.A");
    assert.equal(module.A, undefined);
    const B = A.subclass(module, "B").methods(function hello() { return "hello"; });
    assert.equal(module.B, B);
    assert.equal(B.__name__, "Mod.B");
    assert.equal(B().hello(), "hello");
    assert.match(String(Divmod.Class.subclass()), /^<Class #\d+>$/);
});

test("A class makes an instance with new, without, with apply and with call; each runs __init__ with the arguments.", () => {
    const A = Divmod.Class.subclass("A").methods(function __init__(self, x) { self.x = x; });
    const module = { A };
    for (const a of [A(1), new A(1), A.apply(null, [1]), A.call(null, 1), module.A(1)]) {
        assert.ok(a instanceof A);
        assert.ok(a instanceof Divmod.Class);
        assert.equal(a.x, 1);
        assert.equal(a.__class__, A);
    }
    assert.notEqual(A().__id__, A().__id__);
    const first = A(1);
    assert.notEqual(A.call(first, 2), first, "another instance as this is not taken for the new one");
    assert.equal(first.x, 1);
});

test("A method is named by its function, and gets the instance as its first argument and as this.", () => {
    const A = Divmod.Class.subclass("A").methods(function both(self, ...args) { return [self, this, args]; });
    const a = A();
    assert.deepEqual(a.both(1, 2), [a, a, [1, 2]]);
});

test("Methods can be added singly, with a name, and as an object.", () => {
    const A = Divmod.Class.subclass("A");
    A.method(function one() { return 1; });
    A.method("two", function () { return 2; });
    A.namedMethods({ three: function () { return 3; } });
    assert.deepEqual([A().one(), A().two(), A().three()], [1, 2, 3]);
});

test("A method without a name is complained about.", () => {
    Divmod.Class.subclass("Careless").methods(function () {});
    assert.match(events[0].message, /Careless/);
});

test("upcall calls the superclass of the named class, not that of the instance's.", () => {
    const A = Divmod.Class.subclass("A").methods(function who(self, end) { return `A${end}`; });
    const B = A.subclass("B").methods(function who(self, end) { return `B${B.upcall(self, "who", end)}`; });
    const C = B.subclass("C").methods(function who(self, end) { return `C${C.upcall(self, "who", end)}`; });
    assert.equal(C().who("!"), "CBA!");
    assert.throws(() => A.upcall(A(), "missing"), TypeError);
});

test("An attribute of an instance comes before its method.", () => {
    const A = Divmod.Class.subclass("A").methods(function f() { return "method"; });
    const a = A();
    a.f = () => "attribute";
    assert.equal(a.f(), "attribute");
});

test("Attributes of a class are copied to its subclasses when these are made, but for its name and undefined ones.", () => {
    const A = Divmod.Class.subclass("A");
    A.get = () => "got";
    A.nothing = undefined;
    const B = A.subclass("B");
    A.late = true;
    assert.equal(B.get(), "got");
    assert.ok(!("nothing" in B) && !("late" in B));
    assert.equal(B.__name__, "B");
});

test("subclassOf and instanceof are true for all ancestors.", () => {
    const B = Divmod.Class.subclass("A").subclass("B");
    assert.ok(B.subclassOf(Divmod.Class) && B.subclassOf(B));
    assert.ok(!B.subclassOf(Divmod.Error));
});

test("Classes and instances have their names as text.", () => {
    const A = Divmod.Class.subclass("Mod.A");
    assert.equal(String(A), "<Class Mod.A>");
    assert.equal(String(A()), '<"Instance" of Mod.A>');
});

test("An ES class can extend a Divmod class.", () => {
    const A = Divmod.Class.subclass("A").methods(function __init__(self, x) { self.x = x; });
    class B extends A {
        y = this.x + 1;
    }
    assert.deepEqual([new B(1).x, new B(1).y, new B(1) instanceof A], [1, 2, true]);
});

test("An error has a message, a stack, and a name, which its text has; it can be given another.", () => {
    const Mine = Divmod.Error.subclass("Mod.Mine");
    const error = Mine("text");
    assert.equal(error.message, "text");
    assert.equal(String(error), "Mod.Mine: text");
    assert.match(error.stack, /legacy-divmod\.test\.js/);
    error.name = "Other";
    assert.equal(error.name, "Other");
    assert.ok(Divmod.IndexError("x") instanceof Divmod.Error);
});

test("Messages, errors and warnings reach every observer until it is removed.", () => {
    Divmod.msg("hello");
    const error = Error("bad");
    Divmod.err(error);
    Divmod.err("just text", "while testing");
    Divmod.debug("channel", "detail");
    Divmod.warn("old", Divmod.DeprecationWarning);
    assert.deepEqual(events, [
        { isError: false, message: "hello" },
        { isError: true, error, message: "bad" },
        { isError: true, error: "just text", message: "while testing" },
        { isError: false, message: "detail", debug: true, channel: "channel" },
        { isError: false, message: "old", category: Divmod.DeprecationWarning, channel: "warning" },
    ]);
    stopLogging();
    Divmod.msg("unheard");
    assert.equal(events.length, 5);
});

test("An observer that throws is removed and reported to the others.", () => {
    const error = Error("observer");
    const logger = Divmod.Logger();
    const seen = [];
    logger.addObserver(() => { throw error; });
    logger.addObserver((event) => seen.push(event.message));
    logger.msg("one");
    logger.msg("two");
    assert.deepEqual(seen.sort(), ["Log observer caused error, removing.", "one", "two"]);
});

test("The small helpers: vars, dir, max, objectify, arraysEqual.", () => {
    assert.deepEqual(Divmod.vars({ a: 1 }), [["a", 1]]);
    assert.deepEqual(Divmod.dir({ a: 1 }), ["a"]);
    assert.equal(Divmod.max(1, 2), 2);
    assert.deepEqual(Divmod.objectify(["a"], [1]), { a: 1 });
    assert.throws(() => Divmod.objectify(["a"], []), /same/);
    assert.ok(Divmod.arraysEqual([1, 2], [1, 2]) && !Divmod.arraysEqual([1], [2]) && !Divmod.arraysEqual([1], [1, 2]));
});

test("Arrays with holes differ from those without, and from those with holes elsewhere.", () => {
    const { arraysEqual } = Divmod;
    assert.ok(arraysEqual([, 1], [, 1]));
    for (const [a, b] of [[[, 1], [undefined, 1]], [[undefined, 1], [, 1]], [[, 1], [1, 1]], [[1, ,], [, 1]]]) {
        assert.ok(!arraysEqual(a, b), String([a, b]));
    }
});

test("Classes and instances are counted, and the latter numbered.", () => {
    const before = [Divmod.__classDebugCounter__, Divmod.__instanceCounter__];
    const A = Divmod.Class.subclass();
    const one = new A();
    assert.deepEqual([Divmod.__classDebugCounter__, Divmod.__instanceCounter__], before.map((count) => count + 1));
    assert.equal(one.__id__, Divmod.__instanceCounter__);
    assert.equal(A.__name__, `#${Divmod.__classDebugCounter__}`);
});

test("An observer's error comes after the event, for the observers before and behind it.", () => {
    const logger = Divmod.Logger();
    const seen = [[], []];
    logger.addObserver(({ isError }) => seen[0].push(isError));
    logger.addObserver(() => { throw Error("observer"); });
    logger.addObserver(({ isError }) => seen[1].push(isError));
    logger.msg("text");
    assert.deepEqual(seen, [[false, true], [false, true]]);
});

test("Inspect finds toString in every class but Divmod.Class, as Athena did.", () => {
    assert.deepEqual(Divmod.Inspect.methods(Divmod.Class), ["__init__"]);
    assert.deepEqual(Divmod.Inspect.methods(Divmod.Class.subclass("A")), ["__init__", "toString"]);
    assert.equal(Divmod.Inspect.methods(Divmod.Error).filter((name) => name === "toString").length, 1);
    assert.equal(String(Divmod.Class.subclass("A")()), '<"Instance" of A>');
});

test("Inspect lists the methods of a class, inherited ones included, and of nothing else.", () => {
    const A = Divmod.Class.subclass("A").methods(function zz() {}, function aa() {});
    const names = Divmod.Inspect.methods(A.subclass("B"));
    assert.deepEqual(names, [...names].sort());
    assert.ok(["aa", "zz", "__init__"].every((name) => names.includes(name)));
    assert.throws(() => Divmod.Inspect.methods(A()), /Only classes have methods\./);
});
