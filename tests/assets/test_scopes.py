# -*- test-case-name: tests.assets.test_scopes -*-
"""Short names for the parameters and local variables of a script that is transferred."""

import re
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from athenalite._assets.client import DIRECTORY, compacted, readModule


class ScopesTests(SynchronousTestCase):
    """``localNames``, by the scripts that come of it."""

    def assertShort(self, *cases):
        """Each text becomes the other one, when it is transferred."""
        for text, expected in cases:
            with self.subTest(text):
                self.assertEqual(compacted((readModule(text),)), f"{expected}\n")

    def test_bound(self):
        """Parameters and variables of functions have short names, wherever they are bound."""
        self.assertShort(
            ("function f(one, two = one) {return one + two;}", "function f(e,t=e){return e+t;}"),
            (
                "function f() {const one = 1, two = [one], three = 3;return two;}",
                "function f(){const e=1,t=[e],n=3;return t;}",
            ),
            ("f((one, ...two) => one(two), 1);", "f((e,...t)=>e(t),1);"),
            ("f(async (one) => {await one;});", "f(async(e)=>{await e;});"),
            ("f(one => one);", "f(e=>e);"),
            ("f(function* (one) {yield one;});", "f(function*(e){yield e;});"),
            ("for (const one of all) {f(one);}", "for(const e of all){f(e);}"),
            ("for (let one = 0; one < 9; one += 1) {f(one);}", "for(let e=0;e<9;e+=1){f(e);}"),
            ("for (const one in all) {f(one);}", "for(const e in all){f(e);}"),
            ("try {f();} catch (one) {f(one);}", "try{f();}catch(e){f(e);}"),
            (
                "class C {m(one) {return one;}static #n({one}) {return one;}}",
                "class C{m(e){return e;}static#n({one:e}){return e;}}",
            ),
            ("f({m(one) {return one;}, [k](one) {return one;}});", "f({m(e){return e;},[k](e){return e;}});"),
            ("f(`a${all.map((one) => `${one}b`)}c${(two) => two}`);", "f(`a${all.map((e)=>`${e}b`)}c${(e)=>e}`);"),
            ("f((one) => one ? 1 : two => two, a ? (one) => one : b);", "f((e)=>e?1:t=>t,a?(e)=>e:b);"),
            ("{const one = 1;f(one);}", "{const e=1;f(e);}"),
        )

    def test_patterns(self):
        """So have the variables of patterns; the names of properties stay."""
        self.assertShort(
            (
                "function f({one, two: other, ...rest}) {g(one, other, rest);}",
                "function f({one:e,two:t,...n}){g(e,t,n);}",
            ),
            (
                "function f({one = 1, [key]: [two, , {three}] = []}) {g(one, two, three);}",
                "function f({one:e=1,[key]:[t,,{three:n}]=[]}){g(e,t,n);}",
            ),
            (
                "f(([one, {two}], three) => ({one, two: three.two, four: two}));",
                "f(([e,{two:t}],n)=>({one:e,two:n.two,four:t}));",
            ),
            ("f((one) => one?.one.one({one: 1, one() {}}));", "f((e)=>e?.one.one({one:1,one(){}}));"),
            ("f((one) => ({...one, a: b ? one : 1}));", "f((e)=>({...e,a:b?e:1}));"),
        )

    def test_shared(self):
        """Scopes share short names, but for those of which one uses what the other one hides, or that end together."""
        self.assertShort(
            (
                "function f(one) {return one;}function g(two) {return two;}",
                "function f(e){return e;}function g(e){return e;}",
            ),
            ("function f(one) {g(one);h((two) => two);h((two) => one);}", "function f(e){g(e);h((e)=>e);h((t)=>e);}"),
            ("function f(one) {g((two, one) => two + one);return one;}", "function f(e){g((e,t)=>e+t);return e;}"),
            ("function f(one) {const two = 1;}", "function f(e){const t=1;}"),
            ("function f(one) {if (a) {const two = 1;}}", "function f(e){if(a){const e=1;}}"),
            ("function f(one) {return one((one) => one, one);}", "function f(e){return e((e)=>e,e);}"),
            ("for (const one of a) {const two = 1;}", "for(const e of a){const t=1;}"),
            ("function f(one) {for (const two of one) {g(two);}}", "function f(e){for(const t of e){g(t);}}"),
        )

    def test_kept(self):
        """What names a function or a class in a stack stays, and so does what may be a global or a module's."""
        for text in (
            "function f(){const one=(a)=>1;one();}",
            "function f(){const one=async()=>1;one();}",
            "function f(){let one;one=function(){};}",
            "function f(one=()=>1){one();}",
            "function f({one=class{}}){one();}",
            "function f(){function one(){}one();}",
            "function f(one){{function one(){}one();}}",
            "function f(){class One{}f(One);}",
            "function f(){var one=1;f(one);}",
            "f(one);f((one)=>one);",
            "function f(a=one){const one=1;}",
            "for(const one of all)f(one);",
            "const one=1;f(one);",
        ):
            with self.subTest(text):
                short = compacted((readModule(text),))
                self.assertEqual(*(len(re.findall(r"\bone\b|One", each)) for each in (short, text)))

    def test_free(self):
        """A short name is none that the script has for anything else, in any of its modules."""
        one, other = readModule("function f(one) {return e(one);}"), readModule("t(o => o.p);")
        self.assertEqual(compacted((other, one)), "t(n=>n.p);\nfunction f(n){return e(n);}\n")

    def test_named(self):
        """No function of the client's scripts has a short name."""
        for path in Path(DIRECTORY).rglob("*.js"):
            text = compacted((readModule(path.read_text("utf-8")),))
            self.assertEqual(
                re.findall(r"(?<![\w$.#])([a-zA-Z])=(?:async)?(?:\([^()]*\)=>|function\b|class\b)", text), []
            )
