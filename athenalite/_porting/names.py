# -*- test-case-name: tests.porting.test_names -*-
"""
What became of Nevow's modules and names: pure data, the only such table. Imports of what is missing take their advice
from it (:mod:`athenalite._porting.missing`), and so do ``docs/porting.rst`` and the command that ports applications.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Name(NamedTuple):
    """
    A row. The row of a module is also that of the names in it that have no row of their own: they are in the new module
    under the same name.
    """

    #: A module of Nevow's or formless's, or a name in one.
    old: str
    #: Its name here; None if there is none.
    new: str | None
    #: What to use instead, or what differs: a part of a sentence, without a full stop.
    advice: str = ""


_FORMLESS: Final = "write the form in the template, and let its widget call an exposed method; annotations check values"
_GUARD: Final = "use twisted.web.guard with twisted.cred, or sessions of your own; examples/site has logins"
_CONTEXT: Final = "there is no chain of contexts: a renderer gets its data itself"
_OLD_LIVEPAGE: Final = "the live pages before Athena: use athenalite.athena, exposed methods and callRemote"
_LONG_POLL: Final = "it belonged to the long poll"
_REGISTRY: Final = "modules are found for a site, not for a process: site.livePageFactory.packages"
_JAVASCRIPT_TESTS: Final = (
    "it ran interpreters that no longer exist: use athenalite.livetrial, and Divmod.UnitTest in it"
)
_DATA: Final = "write a renderer that gets its data itself, and fills patterns and slots"
_ERRORS: Final = "errors are pages of the site's own; --debug shows the traceback"
_PLAIN_FLATTEN: Final = "use athenalite.flat.flatten, or twisted.web.template.flattenString for Deferreds"

#: All rows, modules before their names.
NAMES: Final = tuple(
    Name(*row)
    for row in (
        # Modules
        ("nevow", "athenalite"),
        ("nevow._flat", None, _PLAIN_FLATTEN),
        ("nevow._version", None, "use athenalite.__version__"),
        ("nevow._widget_plugin", "athenalite.athena", "it has ElementRenderingLivePage"),
        ("nevow.accessors", None, _CONTEXT),
        ("nevow.appserver", "athenalite.appserver"),
        ("nevow.athena", "athenalite.athena"),
        ("nevow.blocks", None, "use functions that return tags"),
        ("nevow.cache", None, "keep what you have flattened yourself"),
        ("nevow.canvas", None, "use the canvas element in a widget of your own"),
        ("nevow.compression", "athenalite.compression"),
        ("nevow.compy", None, "use zope.interface and twisted.python.components"),
        ("nevow.compyCompat", None, "use zope.interface"),
        ("nevow.context", "athenalite.context"),
        ("nevow.dirlist", None, "use twisted.web.static.DirectoryLister, which File uses"),
        ("nevow.entities", "athenalite.entities"),
        ("nevow.errors", "athenalite.errors"),
        ("nevow.events", None, "use lists of functions, or twisted.python.reflect and Deferreds"),
        ("nevow.failure", None, "use twisted.python.failure; --debug shows tracebacks in the browser"),
        ("nevow.flat", "athenalite.flat"),
        (
            "nevow.flat.flatmdom",
            None,
            "twisted.web.microdom is deprecated: parse documents with athenalite.loaders.xmlstr",
        ),
        ("nevow.flat.flatsax", None, "templates are parsed by athenalite.loaders"),
        ("nevow.flat.flatstan", None, _PLAIN_FLATTEN),
        ("nevow.flat.ten", "athenalite.flat"),
        ("nevow.flat.twist", None, _PLAIN_FLATTEN),
        ("nevow.guard", None, _GUARD),
        ("nevow.i18n", "athenalite.i18n"),
        ("nevow.inevow", "athenalite.inevow"),
        ("nevow.json", "athenalite.json"),
        ("nevow.jsutil", None, _JAVASCRIPT_TESTS),
        ("nevow.livepage", None, _OLD_LIVEPAGE),
        ("nevow.livetest", None, "use athenalite.livetrial"),
        ("nevow.livetrial", "athenalite.livetrial"),
        ("nevow.livetrial.runner", None, "use python -m athenalite.livetrial MODULE, trial or pytest"),
        ("nevow.livetrial.testcase", "athenalite.livetrial.testcase"),
        ("nevow.loaders", "athenalite.loaders"),
        ("nevow.page", "athenalite.page"),
        ("nevow.plugins", "athenalite.plugins"),
        ("nevow.query", None, "use athenalite.inevow.IQ"),
        ("nevow.rend", "athenalite.rend"),
        ("nevow.rpc", None, "use an exposed method, or twisted.web.xmlrpc"),
        ("nevow.scripts", None, "use twistd athena-widget, and python -m athenalite.livetrial"),
        ("nevow.scripts.consolejstest", None, _JAVASCRIPT_TESTS),
        ("nevow.scripts.livetrial", None, "use python -m athenalite.livetrial"),
        ("nevow.scripts.nit", None, "use python -m athenalite.livetrial"),
        ("nevow.scripts.xmlgettext", None, "use Babel, with an extractor for XML"),
        ("nevow.stan", "athenalite.stan"),
        ("nevow.static", "athenalite.static"),
        ("nevow.taglibrary", "athenalite.taglibrary"),
        ("nevow.taglibrary.livetags", None, _OLD_LIVEPAGE),
        ("nevow.taglibrary.progressbar", None, "use the progress element"),
        ("nevow.taglibrary.tabbedPane", "athenalite.taglibrary.tabbedPane"),
        ("nevow.tags", "athenalite.tags"),
        ("nevow.test", None, "it has Nevow's own tests"),
        ("nevow.testutil", "athenalite.testutil"),
        ("nevow.url", "athenalite.url"),
        ("nevow.useragent", None, "browsers are not identified: test for a feature in JavaScript"),
        ("nevow.util", "athenalite.util"),
        ("nevow.vhost", "athenalite.vhost"),
        ("nevow.wsgi", None, "use twisted.web.wsgi.WSGIResource beside your pages"),
        ("nevow.zomnesrv", None, "use twisted.web, behind a proxy"),
        ("formless", None, _FORMLESS),
        ("nevow.formless", None, _FORMLESS),
        *((f"formless.{name}", None, _FORMLESS) for name in ("annotate", "configurable", "formutils", "iformless")),
        *((f"formless.{name}", None, _FORMLESS) for name in ("processors", "webform")),
        # nevow.appserver
        ("nevow.appserver.NotFound", "athenalite.rend.NotFound"),
        ("nevow.appserver.FourOhFour", "athenalite.rend.FourOhFour"),
        ("nevow.appserver.NevowRequest", None, "requests are twisted.web.server.Request"),
        ("nevow.appserver.OldResourceAdapter", None, "resources of twisted.web need no adapter"),
        ("nevow.appserver.DefaultExceptionHandler", None, _ERRORS),
        ("nevow.appserver.UninformativeExceptionHandler", None, _ERRORS),
        ("nevow.appserver.errorMarker", None, _ERRORS),
        ("nevow.appserver.processingFailed", None, _ERRORS),
        ("nevow.appserver.sessionFactory", None, "use request.getSession()"),
        # nevow.athena
        ("nevow.athena.AutoJSPackage", "athenalite.athena.AutoJSPackage"),
        ("nevow.athena.CSSModule", None, _REGISTRY),
        ("nevow.athena.ConnectionLostTransport", None, _LONG_POLL),
        ("nevow.athena.IntrospectionFragment", None, "browsers have a console of their own"),
        ("nevow.athena.JSCode", None, "modules are scripts of their own: there is no inline script"),
        ("nevow.athena.JSModule", None, _REGISTRY),
        ("nevow.athena.LivePageTransport", None, _LONG_POLL),
        ("nevow.athena.ReliableMessageDelivery", None, _LONG_POLL + "; athenalite.testing drives a page in tests"),
        ("nevow.athena.AthenaModule", None, _REGISTRY),
        ("nevow.athena.JSException", "athenalite.athena.JSException"),
        ("nevow.athena.allCSSPackages", "athenalite.athena.allCSSPackages"),
        ("nevow.athena.jsDeps", None, _REGISTRY),
        ("nevow.athena.jsModule", None, _REGISTRY),
        ("nevow.athena.renderer", "athenalite.page.renderer"),
        # nevow.context
        ("nevow.context.FactoryContext", None, _CONTEXT),
        ("nevow.context.SiteContext", None, _CONTEXT),
        ("nevow.context.getRequestContext", None, "use IRequest(ctx)"),
        ("nevow.context.NodeNotFound", "athenalite.stan.NodeNotFound"),
        ("nevow.context.TooManyNodes", "athenalite.stan.TooManyNodes"),
        # nevow.flat
        ("nevow.flat.iterflatten", None, _PLAIN_FLATTEN),
        ("nevow.flat.flattenFactory", None, _PLAIN_FLATTEN),
        ("nevow.flat.partialflatten", None, _PLAIN_FLATTEN),
        ("nevow.flat.precompile", None, "templates are flattened once by their loaders"),
        ("nevow.flat.registerFlattener", None, "register an adapter to athenalite.inevow.IRenderer"),
        ("nevow.flat.getFlattener", None, "adapters to athenalite.inevow.IRenderer are found by IRenderer(x, None)"),
        ("nevow.flat.getSerializer", None, "adapters to athenalite.inevow.IRenderer are found by IRenderer(x, None)"),
        ("nevow.flat.serialize", None, _PLAIN_FLATTEN),
        # nevow.inevow
        ("nevow.inevow.ICanHandleException", None, _ERRORS),
        ("nevow.inevow.ICanHandleNotFound", None, "override locateChild, or childFactory, of the root"),
        ("nevow.inevow.ICurrentSegments", None, "use IRequest(ctx).prepath, which is of bytes"),
        ("nevow.inevow.IRemainingSegments", None, "use IRequest(ctx).postpath, which is of bytes"),
        ("nevow.inevow.IContainer", None, _DATA),
        ("nevow.inevow.IData", None, _DATA),
        ("nevow.inevow.IGettable", None, _DATA),
        ("nevow.inevow.ISettable", None, _DATA),
        ("nevow.inevow.IDocFactory", "twisted.web.iweb.ITemplateLoader"),
        ("nevow.inevow.IEventMaster", None, _CONTEXT),
        ("nevow.inevow.IGuardSession", None, _GUARD),
        ("nevow.inevow.IHand", None, _FORMLESS),
        ("nevow.inevow.IStatusMessage", None, _FORMLESS),
        ("nevow.inevow.ILogger", None, "give the site a log formatter: NevowSite(root, logFormatter=...)"),
        ("nevow.inevow.IMacroFactory", None, "use a renderer"),
        ("nevow.inevow.IRenderable", "twisted.web.iweb.IRenderable"),
        ("nevow.inevow.IRendererFactory", None, "override renderer(self, ctx, name) of a page or fragment"),
        ("nevow.inevow.ISerializable", None, "register an adapter to athenalite.inevow.IRenderer"),
        ("nevow.inevow.ISession", None, "use IRequest(ctx).getSession()"),
        ("nevow.inevow.IComponentized", None, "use twisted.python.components.Componentized"),
        ("nevow.inevow.IViewParameters", None, _CONTEXT),
        # nevow.loaders
        ("nevow.loaders.htmlfile", None, "templates are well-formed XML: use xmlfile"),
        ("nevow.loaders.htmlstr", None, "templates are well-formed XML: use xmlstr"),
        ("nevow.loaders.microdomtree", None, "use xmlfile or xmlstr"),
        # nevow.page
        ("nevow.page.deferflatten", "twisted.web.template.flatten"),
        ("nevow.page.FlattenerError", "twisted.web.error.FlattenerError"),
        # nevow.rend
        ("nevow.rend.ConfigurableFactory", None, _FORMLESS),
        ("nevow.rend.ConfigurableMixin", None, _FORMLESS),
        ("nevow.rend.DataFactory", None, _DATA),
        ("nevow.rend.DataNotFoundError", None, _DATA),
        ("nevow.rend.FreeformChildMixin", None, _FORMLESS),
        ("nevow.rend.MacroFactory", None, "use a renderer"),
        (
            "nevow.rend.RenderFactory",
            None,
            "pages and fragments find renderers by themselves; override renderer(self, ctx, name)",
        ),
        ("nevow.rend.data", None, _DATA),
        ("nevow.rend.defaultsFactory", None, _FORMLESS),
        ("nevow.rend.errorsFactory", None, _FORMLESS),
        ("nevow.rend.handFactory", None, _FORMLESS),
        ("nevow.rend.statusFactory", None, _FORMLESS),
        ("nevow.rend.mapping", None, "in a renderer: for name, value in row.items(): tag.fillSlots(name, value)"),
        (
            "nevow.rend.sequence",
            None,
            "in a renderer: return tag[[item.fillSlots(...) for row in rows]] with patternGenerator('item')",
        ),
        ("nevow.rend.string", None, "in a renderer: return tag.clear()[str(value)]"),
        # nevow.stan
        ("nevow.stan.CommentProto", None, "use athenalite.tags.comment"),
        ("nevow.stan.specialMatches", None, "use allPatterns of a tag"),
        ("nevow.stan.specials", None, "use allPatterns of a tag"),
        ("nevow.stan.visit", None, "loop over the children of tags"),
        # nevow.static
        ("nevow.static.ASISProcessor", None, "use twisted.web.static.ASISProcessor"),
        ("nevow.static.FileTransfer", None, "use twisted.web.static.File"),
        ("nevow.static.Registry", None, "use twisted.web.static.Registry"),
        ("nevow.static.addSlash", None, "use twisted.web.util.redirectTo"),
        ("nevow.static.isDangerous", None, "use twisted.python.filepath.FilePath.child, which refuses such names"),
        ("nevow.static.getTypeAndEncoding", None, "use twisted.web.static.getTypeAndEncoding"),
        ("nevow.static.loadMimeTypes", None, "use twisted.web.static.loadMimeTypes"),
        ("nevow.static.staticHTML", None, "use Data(text.encode('utf-8'), 'text/html; charset=utf-8')"),
        # nevow.tags
        ("nevow.tags.drange", None, "use slots with names"),
        ("nevow.tags.inlineJS", None, "move the script into a module: pages have no inline script"),
        # nevow.testutil
        ("nevow.testutil.CSSModuleTestMixin", None, _REGISTRY),
        ("nevow.testutil.JavaScriptTestCase", None, _JAVASCRIPT_TESTS),
        ("nevow.testutil.JavaScriptTestSuite", None, _JAVASCRIPT_TESTS),
        ("nevow.testutil.NotSupported", None, _JAVASCRIPT_TESTS),
        ("nevow.testutil.TestCase", "twisted.trial.unittest.TestCase"),
        ("nevow.testutil.setJavascriptInterpreterOrSkip", None, _JAVASCRIPT_TESTS),
        # nevow.url
        ("nevow.url.URLGenerator", None, "give elements the addresses that they need"),
        ("nevow.url.URLRedirectAdapter", None, "a URL is adapted to IResource by itself"),
        ("nevow.url.URLSerializer", None, "use str(url)"),
        ("nevow.url.URLOverlaySerializer", None, "put the overlay into a document, or use addressFor(request)"),
        ("nevow.url.viewhere", None, "use url.here"),
        # nevow.util
        ("nevow.util.escapeToXML", None, "use html.escape"),
        ("nevow.util.UnexposedMethodError", "athenalite.util.UnexposedMethodError"),
        ("nevow.util.Failure", "twisted.python.failure.Failure"),
        ("nevow.util.Deferred", "twisted.internet.defer.Deferred"),
        ("nevow.util.DeferredList", "twisted.internet.defer.DeferredList"),
        ("nevow.util.maybeDeferred", "twisted.internet.defer.maybeDeferred"),
        ("nevow.util.succeed", "twisted.internet.defer.succeed"),
        ("nevow.util.log", "twisted.python.log"),
        ("nevow.util.namedAny", "twisted.python.reflect.namedAny"),
        ("nevow.util.qual", "twisted.python.reflect.qual"),
        ("nevow.util.accumulateBases", "twisted.python.reflect.accumulateBases"),
        ("nevow.util.allYourBase", "twisted.python.reflect.allYourBase"),
        ("nevow.util.uniquify", "twisted.python.util.uniquify"),
        ("nevow.util.CachedFile", None, "use os.stat, or xmlfile, which reads a changed file again"),
    )
)
