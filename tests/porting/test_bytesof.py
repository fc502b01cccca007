# -*- test-case-name: tests.porting.test_bytesof -*-
"""Text where bytes are."""

import ast

from twisted.trial.unittest import SynchronousTestCase

from athenalite._porting.bytesof import bytesIn


def found(text):
    """Return the messages."""
    return [message for _, _, message in bytesIn(ast.parse(text))]


class BytesTests(SynchronousTestCase):
    """``bytesIn``; see also tests.porting.test_uses."""

    def test_shown(self):
        """Bytes in text that is put together."""
        for text in (
            "'%s' % request.uri",
            "'%s %s' % (x, self.request.path)",
            "'{}'.format(IRequest(ctx).uri)",
            "'a' % request.args['x'][0]",
            "'a' % request.args.get('x', ['y'])[0]",
            "'%s' % request.getCookie(x)",
        ):
            self.assertIn("are shown with a b and quotes", "".join(found(text)), text)
        for text in ("'%s' % self.uri", "'%s' % request.uri.decode()", "'%s' % ctx.arg('x')", "x % request.uri"):
            self.assertEqual(found(text), [], text)

    def test_segments(self):
        """Parts of the path, arguments and cookies that are compared."""
        for text in (
            "request.postpath[0] == 'x'",
            "'x' == request.prepath[-1]",
            "request.args[x][0] == 'y'",
            "request.getCookie(x) != 'y'",
            "request.received_cookies['x']",
            "request.getUser() == 'admin'",
            "request.path.startswith('/x')",
            "request.uri.split('?')",
            "'/'.join(request.postpath)",
            "request.getAllHeaders().get('user-agent')",
        ):
            self.assertEqual(len(found(text)), 1, text)
        self.assertEqual(found("request.postpath[0] == b'x'"), [])
        self.assertEqual(len(found("request.method = 'POST'; request.args['x'] = y; self.method = 'x'")), 2)

    def test_written(self):
        """What is flattened or in a StringIO is text."""
        [message] = found("request.write(flat.flatten(x))")
        self.assertIn("encode it", message)
        self.assertEqual(len(found("from io import StringIO\nrequest.write(out.getvalue())")), 1)
        self.assertEqual(found("from io import BytesIO, StringIO\nrequest.write(out.getvalue())"), [])

    def test_path(self):
        """Twisted's path of a request has bytes, and is none itself."""
        for path in ("child", "sibling", "click"):
            [message] = found(f"x = request.URLPath().here().{path}('y')")
            self.assertEqual(message, "parts of request.URLPath() are bytes: write b'y'")
        self.assertEqual(len(found("inevow.IRequest(ctx).redirect(request.URLPath().child('y'))")), 2)
        self.assertIn("have renderHTTP return the URL", found("request.redirect(self.request.URLPath())")[0])
        self.assertEqual(found("x = here.child('y'); a.URLPath().child('y'); request.URLPath().child(b'y')"), [])

    def test_redirected(self):
        """Addresses."""
        for text in ("'/x'", "url.URL.fromContext(ctx)", "url.here.child('x')", "str(u)", "'/x?%s' % y"):
            self.assertEqual(len(found(f"request.redirect({text})")), 1, text)
        self.assertEqual(
            found("request.redirect(b'/x'); request.redirect(str(u).encode('ascii')); u.redirect('x')"), []
        )

    def test_credentials(self):
        """Names and passwords of logins."""
        self.assertEqual(len(found("checkers.InMemoryUsernamePasswordDatabaseDontUse(a='b', **users)")), 2)
        self.assertEqual(len(found("checker.addUser('a', 'b')")), 2)
        self.assertEqual(found("checker.addUser(a, b'b')"), [])
