# -*- test-case-name: tests.porting.test_uses -*-
"""What has no effect any more in Python."""

import ast

from twisted.trial.unittest import SynchronousTestCase

from athenalite._porting.uses import usesIn


def found(text):
    """Return line and code of each finding."""
    return sorted((node.lineno, code) for node, code, _ in usesIn(ast.parse(text)))


class UsesTests(SynchronousTestCase):
    """``usesIn``"""

    def test_methods(self):
        """Methods for data and macros, in classes, with the arguments that Nevow gave them."""
        text = "class A:\n    def data_x(self, ctx, data): pass\n    def macro_y(self, ctx, d): pass\n"
        self.assertEqual(found(text), [(2, "A201"), (3, "A201")])
        self.assertEqual(
            found("class A:\n    def macro_x(self, ctx): pass\n    def macro_y(self, z): pass\n"), [(2, "A201")]
        )
        self.assertEqual(found("class A:\n    def data_x(self): pass\n    def data(self, a, b): pass\n"), [])
        self.assertEqual(found("def data_x(self, ctx, data): pass\n"), [])
        self.assertEqual(
            found("class A:\n    def data_x(self, data): pass\n    def data_y(self, z): pass\n"), [(2, "A201")]
        )

    def test_times(self):
        """Old times, wherever they are set."""
        self.assertEqual(
            found("class A:\n    TRANSPORT_IDLE_TIMEOUT = 3\nA.TRANSPORTLESS_DISCONNECT_TIMEOUT: int = 4\n"),
            [(2, "A202"), (3, "A202")],
        )
        self.assertEqual(found("class A:\n    TRANSPORT_CLIENT_IDLE_TIMEOUT = 3\n"), [(2, "A202")])

    def test_attributes(self):
        """What else pages had."""
        self.assertEqual(
            found("class A:\n    useActiveChannels = 1\n    requiredBrowserVersions = {}\n"), [(2, "A202"), (3, "A202")]
        )

    def test_scripts(self):
        """Inline scripts in tags; those with an address are none."""
        self.assertEqual(found("T.script['x']\nT.script(type='y')['x']\n"), [(1, "A205"), (2, "A205")])
        self.assertEqual(found("T.script(src='y')['']\nx.script('y')\nT.script(**x)['y']\n"), [])

    def test_declarations(self):
        """Declarations of interfaces in a class's body."""
        self.assertEqual(found("class A:\n    implements(B)\n    classProvides(C)\n"), [(2, "A203"), (3, "A203")])
        self.assertEqual(found("class A:\n    __implements__ = B\n"), [(2, "A203")])
        self.assertEqual(found("@implementer(B)\nclass A: pass\n"), [])

    def test_declarationsImported(self):
        """Their imports fail, where nothing uses them, too; those that are called are found there."""
        text = "from zope.interface import Interface, implements, classProvides as x\n"
        self.assertEqual(found(text), [(1, "A203"), (1, "A203")])
        self.assertEqual(found(f"{text}class A:\n    implements(B)\n"), [(1, "A203"), (3, "A203")])
        self.assertEqual(found("from zope.interface import implementer\nfrom x import implements\n"), [])

    def test_contexts(self):
        """Chains of contexts; other objects may have such methods."""
        self.assertEqual(
            found("ctx.locate(A)\nctx.remember(x)\nfiles.locate(A)\nctx.tag\n"), [(1, "A204"), (2, "A204")]
        )

    def test_handlers(self):
        """Handlers in tags; a handler of None is none, and other keywords are others."""
        self.assertEqual(
            found("a(onclick='x()')\nb(onclick=None)\nc(once=1, on=2, only=3)\nd(onerror=e.f, onload=g)\n"),
            [(1, "A205")],
        )
        self.assertEqual(found("a(**{'onclick': 'x()', 'class': 'y', **b})\n"), [(1, "A205")])

    def test_addresses(self):
        """Addresses that are scripts, and only where a browser runs them."""
        for address in ("'javascript:x()'", "' JavaScript:x(%s)' % y", "f'javascript:{x}'", "'javascript:' + x + y"):
            self.assertEqual(found(f"a(href={address})\n"), [(1, "A205")], address)
            self.assertEqual(found(f"a(**{{'action': {address}}})\n"), [(1, "A205")], address)
        for address in ("x", "'/javascript:'", "f''", "3"):
            self.assertEqual(found(f"a(href={address})\n"), [], address)
        self.assertEqual(found("a(title='javascript:x()')\n"), [])

    def test_bytes(self):
        """Text where a request has bytes; other objects have other attributes."""
        for text in (
            "request.args.get('x')",
            "req.args['x']",
            "'x' in inevow.IRequest(ctx).args",
            "self.request.args.has_key('x')",
            "request.method == 'POST'",
            "'/x' != request.path",
            "aRequest.uri in ('x', b'y')",
            "request.getCookie('x')",
            "request.write('x')",
            "request.write('%d é' % x)",
            "req.write('a' + b)",
            "req.write(a + 'b')",
            "IRequest(ctx).write(', '.join(x))",
            "request.write(f'{x}')",
            "request.setResponseCode(404, 'Gone')",
        ):
            self.assertEqual(found(text), [(1, "A208")], text)
        for text in (
            "request.args.get(b'x')",
            "request.args[x]",
            "self.args['x']",
            "self.method == 'POST'",
            "request.method == b'GET'",
            "request.method == x",
            "request.clientproto == 'x'",
            "request.args.items()",
            "request.write(b'x')",
            "request.write(b'%d' % x)",
            "request.write(text)",
            "request.write('é'.encode('utf-8'))",
            "file.write('x')",
            "request.setResponseCode(404)",
        ):
            self.assertEqual(found(text), [], text)

    def test_gone(self):
        """Methods and attributes of pages."""
        self.assertEqual(found("page.action_close(None)\nself.page.clientID\n"), [(1, "A209"), (2, "A209")])
        for text in (
            "request.finishRequest(True)",
            "request.received_headers['x']",
            "self.page.factory.clients",
            "u = '?__athena_reconnect__=1'",
        ):
            self.assertEqual(found(f"{text}\n"), [(1, "A209")])
        self.assertEqual(found("request.fields['x'].value\nself.fields\n"), [(1, "A209")])
        self.assertEqual(found("tabbedPane.tabbedPaneGlue.inlineGlue\ntags.inlineJS\n"), [(1, "A205")])

    def test_bareScript(self):
        """Scripts of tags that are imported by their names."""
        self.assertEqual(found("script(type='x')[y]\nscript['x']\n"), [(1, "A205"), (2, "A205")])
        self.assertEqual(found("script[0]\nscript(src='x')['y']\nscript[name]\n"), [])

    def test_booleans(self):
        """Attributes that Nevow wrote with a value."""
        self.assertEqual(found("tags.input(checked=False)\ninput(**{'disabled': False})\n"), [(1, "A202"), (2, "A202")])
        self.assertEqual(found("tags.input(checked=True, selected=None, readonly=x, value=False)\n"), [])

    def test_remember(self):
        """Pages remembered, too; what a site remembers is found."""
        self.assertEqual(
            found("self.remember(x, IX)\npage.remember(x)\nsite.remember(x, IX)\n"), [(1, "A204"), (2, "A204")]
        )
        self.assertEqual(
            found("ctx.locate(inevow.IRequest)\nctx.locate(IX)\nctx.remember(x, IRequest)\n"), [(2, "A204")]
        )

    def test_roots(self):
        """Addresses at which Nevow had resources of other kinds."""
        self.assertEqual(found("LivePage(jsModuleRoot=x, transportRoot=y)\n"), [(1, "A210"), (1, "A210")])
        self.assertEqual(found("LivePage(jsModuleRoot=None)\n"), [])
