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
_REWRITTEN: Final = (
    "handlers and ids are rewritten when a template is loaded; self.preprocessors = [] of an element leaves them"
)

#: The modules.
MODULES: Final = (
    Name("nevow", "athenalite"),
    Name("nevow._flat", None, _PLAIN_FLATTEN),
    Name("nevow._version", None, "use athenalite.__version__"),
    Name("nevow._widget_plugin", "athenalite.athena", "it has ElementRenderingLivePage"),
    Name("nevow.accessors", None, _CONTEXT),
    Name("nevow.appserver", "athenalite.appserver"),
    Name("nevow.athena", "athenalite.athena"),
    Name("nevow.blocks", None, "use functions that return tags"),
    Name("nevow.cache", None, "keep what you have flattened yourself"),
    Name("nevow.canvas", None, "use the canvas element in a widget of your own"),
    Name("nevow.compression", "athenalite.compression"),
    Name("nevow.compy", None, "use zope.interface and twisted.python.components"),
    Name("nevow.compyCompat", None, "use zope.interface"),
    Name("nevow.context", "athenalite.context"),
    Name("nevow.dirlist", None, "use twisted.web.static.DirectoryLister, which File uses"),
    Name("nevow.entities", "athenalite.entities"),
    Name("nevow.errors", "athenalite.errors"),
    Name("nevow.events", None, "use lists of functions, or twisted.python.reflect and Deferreds"),
    Name("nevow.failure", None, "use twisted.python.failure; --debug shows tracebacks in the browser"),
    Name("nevow.flat", "athenalite.flat"),
    Name(
        "nevow.flat.flatmdom",
        None,
        "twisted.web.microdom is deprecated: parse documents with athenalite.loaders.xmlstr",
    ),
    Name("nevow.flat.flatsax", None, "templates are parsed by athenalite.loaders"),
    Name("nevow.flat.flatstan", None, _PLAIN_FLATTEN),
    Name("nevow.flat.ten", "athenalite.flat"),
    Name("nevow.flat.twist", None, _PLAIN_FLATTEN),
    Name("nevow.guard", None, _GUARD),
    Name("nevow.i18n", "athenalite.i18n"),
    Name("nevow.inevow", "athenalite.inevow"),
    Name("nevow.itaglibrary", None, "a library of tags is a module of functions"),
    Name("nevow.json", "athenalite.json"),
    Name("nevow.jsutil", None, _JAVASCRIPT_TESTS),
    Name("nevow.livepage", None, _OLD_LIVEPAGE),
    Name("nevow.livetest", None, "use athenalite.livetrial"),
    Name("nevow.livetrial", "athenalite.livetrial"),
    Name("nevow.livetrial.runner", None, "use python -m athenalite.livetrial MODULE, trial or pytest"),
    Name("nevow.livetrial.testcase", "athenalite.livetrial.testcase"),
    Name("nevow.loaders", "athenalite.loaders"),
    Name("nevow.page", "athenalite.page"),
    Name("nevow.plugins", "athenalite.plugins"),
    Name("nevow.query", None, "use athenalite.inevow.IQ"),
    Name("nevow.rend", "athenalite.rend"),
    Name("nevow.rpc", None, "use an exposed method, or twisted.web.xmlrpc"),
    Name("nevow.scripts", None, "use twistd athena-widget, and python -m athenalite.livetrial"),
    Name("nevow.scripts.consolejstest", None, _JAVASCRIPT_TESTS),
    Name("nevow.scripts.livetrial", None, "use python -m athenalite.livetrial"),
    Name("nevow.scripts.nit", None, "use python -m athenalite.livetrial"),
    Name("nevow.scripts.xmlgettext", None, "use Babel, with an extractor for XML"),
    Name("nevow.stan", "athenalite.stan"),
    Name("nevow.static", "athenalite.static"),
    Name("nevow.taglibrary", "athenalite.taglibrary"),
    Name("nevow.taglibrary.cal", None, "make a table of calendar.Calendar().monthdatescalendar(year, month)"),
    Name("nevow.taglibrary.livetags", None, _OLD_LIVEPAGE),
    Name("nevow.taglibrary.progressbar", None, "use the progress element"),
    Name("nevow.taglibrary.tabbedPane", "athenalite.taglibrary.tabbedPane"),
    Name("nevow.tags", "athenalite.tags"),
    Name("nevow.test", None, "it has Nevow's own tests"),
    Name("nevow.testutil", "athenalite.testutil"),
    Name("nevow.url", "athenalite.url"),
    Name("nevow.useragent", None, "browsers are not identified: test for a feature in JavaScript"),
    Name("nevow.util", "athenalite.util"),
    Name("nevow.vhost", "athenalite.vhost"),
    Name("nevow.wsgi", None, "use twisted.web.wsgi.WSGIResource beside your pages"),
    Name("nevow.zomnesrv", None, "use twisted.web, behind a proxy"),
    Name("formless", None, _FORMLESS),
    Name("nevow.formless", None, _FORMLESS),
    *(Name(f"formless.{name}", None, _FORMLESS) for name in ("annotate", "configurable", "formutils", "iformless")),
    *(Name(f"formless.{name}", None, _FORMLESS) for name in ("processors", "webform")),
)

#: All rows, modules before their names.
NAMES: Final = (
    *MODULES,
    # nevow.appserver
    Name("nevow.appserver.defaultExceptionHandlerFactory", None, _ERRORS),
    Name("nevow.appserver.requestFactory", None, "use IRequest(ctx)"),
    Name("nevow.appserver.NevowRequest", None, "requests are twisted.web.server.Request"),
    Name("nevow.appserver.OldResourceAdapter", None, "resources of twisted.web need no adapter"),
    Name("nevow.appserver.DefaultExceptionHandler", None, _ERRORS),
    Name("nevow.appserver.UninformativeExceptionHandler", None, _ERRORS),
    Name("nevow.appserver.errorMarker", None, _ERRORS),
    Name("nevow.appserver.processingFailed", None, _ERRORS),
    Name("nevow.appserver.sessionFactory", None, "use request.getSession()"),
    # nevow.athena
    Name("nevow.athena.JSModules", "athenalite.athena.MappingResource"),
    Name("nevow.athena.dependencyOrdered", None, _REGISTRY),
    Name("nevow.athena.activeChannel", None, _LONG_POLL),
    Name(
        "nevow.athena.neverEverCache",
        None,
        "pages have Cache-Control: no-store; set headers of other resources",
    ),
    Name("nevow.athena.CSSModule", None, _REGISTRY),
    Name("nevow.athena.ConnectionLostTransport", None, _LONG_POLL),
    Name("nevow.athena.IntrospectionFragment", None, "browsers have a console of their own"),
    Name("nevow.athena.JSCode", None, "modules are scripts of their own: there is no inline script"),
    Name("nevow.athena.JSModule", None, _REGISTRY),
    Name("nevow.athena.LivePageTransport", None, _LONG_POLL),
    Name("nevow.athena.ReliableMessageDelivery", None, _LONG_POLL + "; athenalite.testing drives a page in tests"),
    Name("nevow.athena.AthenaModule", None, _REGISTRY),
    Name(
        "nevow.athena.jsDeps",
        None,
        "a site has its own: give it packages by plugins, or modules by page.jsModules.mapping",
    ),
    Name("nevow.athena.Element", "athenalite.page.Element"),
    Name("nevow.athena.URL", "athenalite.url.URL"),
    Name("nevow.athena.here", "athenalite.url.here"),
    Name("nevow.athena.UserAgent", None, "browsers are not identified: test for a feature in JavaScript"),
    Name("nevow.athena._LiveMixin", "athenalite.athena.LiveElement", "or LiveFragment, for renderers with a context"),
    Name("nevow.athena._collectPackageBelow", None, "use AutoJSPackage(directory).mapping"),
    *(Name(f"nevow.athena.{name}", None, _REWRITTEN) for name in ("_mangleId", "rewriteAthenaIds")),
    Name("nevow.athena.rewriteEventHandlerNodes", None, _REWRITTEN),
    Name("nevow.athena.getJSFailure", None, "a JSException is the failure, with the browser's stack"),
    # nevow.compression
    Name("nevow.compression.CompressingRequestWrapper", None, "use twisted.web.server.GzipEncoderFactory"),
    Name("nevow.compression.parseAcceptEncoding", None, "twisted.web.server.GzipEncoderFactory reads Accept-Encoding"),
    # nevow.context
    Name("nevow.context.FactoryContext", None, _CONTEXT),
    Name("nevow.context.SiteContext", None, _CONTEXT),
    Name("nevow.context.getRequestContext", None, "use IRequest(ctx)"),
    # nevow.errors
    Name("nevow.errors.MissingDocumentFactory", "twisted.web.error.MissingTemplateLoader"),
    Name("nevow.errors.RenderError", "twisted.web.error.RenderError"),
    Name("nevow.errors.MissingRenderMethod", "twisted.web.error.MissingRenderMethod"),
    # nevow.flat
    Name("nevow.flat.iterflatten", None, _PLAIN_FLATTEN),
    Name("nevow.flat.flattenFactory", None, _PLAIN_FLATTEN),
    Name("nevow.flat.partialflatten", None, _PLAIN_FLATTEN),
    Name("nevow.flat.precompile", None, "templates are flattened once by their loaders"),
    Name("nevow.flat.registerFlattener", None, "register an adapter to athenalite.inevow.IRenderer"),
    Name("nevow.flat.getFlattener", None, "use athenalite.inevow.IRenderer(x, None)"),
    Name("nevow.flat.getSerializer", None, "use athenalite.inevow.IRenderer(x, None)"),
    Name("nevow.flat.serialize", None, _PLAIN_FLATTEN),
    # nevow.i18n
    Name("nevow.i18n.flattenL10n", None, "texts are translated where they are shown"),
    # nevow.inevow
    Name("nevow.inevow.ICanHandleException", None, _ERRORS),
    Name("nevow.inevow.ICanHandleNotFound", None, "override locateChild, or childFactory, of the root"),
    Name("nevow.inevow.ICurrentSegments", None, "use IRequest(ctx).prepath, which is of bytes"),
    Name("nevow.inevow.IRemainingSegments", None, "use IRequest(ctx).postpath, which is of bytes"),
    Name("nevow.inevow.IContainer", None, _DATA),
    Name("nevow.inevow.IData", None, _DATA),
    Name("nevow.inevow.IGettable", None, _DATA),
    Name("nevow.inevow.ISettable", None, _DATA),
    Name("nevow.inevow.IDocFactory", "twisted.web.iweb.ITemplateLoader"),
    Name("nevow.inevow.IEventMaster", None, _CONTEXT),
    Name("nevow.inevow.IGuardSession", None, _GUARD),
    Name("nevow.inevow.IHand", None, _FORMLESS),
    Name("nevow.inevow.IStatusMessage", None, _FORMLESS),
    Name("nevow.inevow.ILogger", None, "give the site a log formatter: NevowSite(root, logFormatter=...)"),
    Name("nevow.inevow.IMacroFactory", None, "use a renderer"),
    Name("nevow.inevow.IRenderable", "twisted.web.iweb.IRenderable"),
    Name("nevow.inevow.IRendererFactory", None, "override renderer(self, ctx, name) of a page or fragment"),
    Name("nevow.inevow.ISerializable", None, "register an adapter to athenalite.inevow.IRenderer"),
    Name("nevow.inevow.ISession", None, "use IRequest(ctx).getSession()"),
    Name("nevow.inevow.IComponentized", None, "use twisted.python.components.Componentized"),
    Name("nevow.inevow.IViewParameters", None, _CONTEXT),
    Name("nevow.inevow.IFilesystemPackage", None, "provide IJavascriptPackage or ICSSPackage"),
    # nevow.json
    Name("nevow.json.CycleError", None, "a list in itself is a TypeError"),
    # nevow.loaders
    Name("nevow.loaders.htmlfile", None, "templates are well-formed XML: use xmlfile"),
    Name("nevow.loaders.htmlstr", None, "templates are well-formed XML: use xmlstr"),
    Name("nevow.loaders.microdomtree", None, "use xmlfile or xmlstr"),
    # nevow.page
    Name("nevow.page.deferflatten", "twisted.web.template.flatten"),
    Name("nevow.page.FlattenerError", "twisted.web.error.FlattenerError"),
    Name("nevow.page.MissingDocumentFactory", "twisted.web.error.MissingTemplateLoader"),
    # nevow.rend
    Name("nevow.rend.WovenContext", "athenalite.context.WovenContext"),
    Name("nevow.rend.PageContext", "athenalite.context.PageContext"),
    Name("nevow.rend.NodeNotFound", "athenalite.stan.NodeNotFound"),
    Name("nevow.rend._CARRYOVER", None, "give the page that shows a form its errors"),
    Name("nevow.rend.originalFactory", None, _CONTEXT),
    Name("nevow.rend.ConfigurableFactory", None, _FORMLESS),
    Name("nevow.rend.ConfigurableMixin", None, _FORMLESS),
    Name("nevow.rend.DataFactory", None, _DATA),
    Name("nevow.rend.DataNotFoundError", None, _DATA),
    Name("nevow.rend.FreeformChildMixin", None, _FORMLESS),
    Name("nevow.rend.MacroFactory", None, "use a renderer"),
    Name(
        "nevow.rend.RenderFactory",
        None,
        "pages and fragments find renderers by themselves; override renderer(self, ctx, name)",
    ),
    Name("nevow.rend.data", None, _DATA),
    Name("nevow.rend.defaultsFactory", None, _FORMLESS),
    Name("nevow.rend.errorsFactory", None, _FORMLESS),
    Name("nevow.rend.handFactory", None, _FORMLESS),
    Name("nevow.rend.statusFactory", None, _FORMLESS),
    Name("nevow.rend.mapping", None, "in a renderer: for name, value in row.items(): tag.fillSlots(name, value)"),
    Name(
        "nevow.rend.sequence",
        None,
        "in a renderer: return tag[[item.fillSlots(...) for row in rows]] with patternGenerator('item')",
    ),
    Name("nevow.rend.string", None, "in a renderer: return tag.clear()[str(value)]"),
    # nevow.stan
    Name("nevow.stan.Entity", "athenalite.tags.CharRef"),
    Name("nevow.stan.Unset", None, "what is not set is None"),
    Name("nevow.stan.UnsetClass", None, "what is not set is None"),
    Name("nevow.stan.cdata", "athenalite.tags.cdata"),
    Name("nevow.stan.invisible", "athenalite.tags.invisible"),
    Name("nevow.stan.xml", "athenalite.tags.xml"),
    Name("nevow.stan.makeAccessors", None, "tags have attributes render and pattern"),
    Name("nevow.stan.CommentProto", None, "use athenalite.tags.comment"),
    Name("nevow.stan.specialMatches", None, "use allPatterns of a tag"),
    Name("nevow.stan.specials", None, "use allPatterns of a tag"),
    Name("nevow.stan.visit", None, "loop over the children of tags"),
    # nevow.static
    Name("nevow.static.ASISProcessor", None, "use twisted.web.static.ASISProcessor"),
    Name("nevow.static.FileTransfer", None, "use twisted.web.static.File"),
    Name("nevow.static.Registry", None, "use twisted.web.static.Registry"),
    Name("nevow.static.addSlash", None, "use twisted.web.util.redirectTo"),
    Name("nevow.static.isDangerous", None, "use twisted.python.filepath.FilePath.child, which refuses such names"),
    Name("nevow.static.getTypeAndEncoding", None, "use twisted.web.static.getTypeAndEncoding"),
    Name("nevow.static.loadMimeTypes", None, "use twisted.web.static.loadMimeTypes"),
    Name("nevow.static.staticHTML", None, "use Data(text.encode('utf-8'), 'text/html; charset=utf-8')"),
    # nevow.taglibrary
    Name("nevow.taglibrary.tabbedPane.TabbedPane", None, "use tabbedPane or TabbedPaneFragment of the same module"),
    # nevow.tags
    Name("nevow.tags.drange", None, "use slots with names"),
    Name("nevow.tags.inlineJS", None, "move the script into a module: pages have no inline script"),
    # nevow.testutil
    Name("nevow.testutil.FakeChannel", None, "use athenalite.testing, which has a whole site in memory"),
    Name("nevow.testutil.FakeSite", None, "use athenalite.testing, which has a whole site in memory"),
    Name("nevow.testutil.fs", None, "use FakeSession()"),
    Name("nevow.testutil.TestProtocolLineReceiverServer", None, _JAVASCRIPT_TESTS),
    Name("nevow.testutil.findJavascriptInterpreter", None, _JAVASCRIPT_TESTS),
    Name("nevow.testutil.CSSModuleTestMixin", None, _REGISTRY),
    Name("nevow.testutil.JavaScriptTestCase", None, _JAVASCRIPT_TESTS),
    Name("nevow.testutil.JavaScriptTestSuite", None, _JAVASCRIPT_TESTS),
    Name("nevow.testutil.NotSupported", None, _JAVASCRIPT_TESTS),
    Name("nevow.testutil.TestCase", "twisted.trial.unittest.TestCase"),
    Name("nevow.testutil.setJavascriptInterpreterOrSkip", None, _JAVASCRIPT_TESTS),
    # nevow.url
    Name("nevow.url.WovenContext", "athenalite.context.WovenContext"),
    Name("nevow.url.hereaccessor", None, "use URL.fromContext(ctx)"),
    Name("nevow.url.gethereaccessor", None, "use URL.fromContext(ctx)"),
    Name("nevow.url.viewhereaccessor", None, "use URL.fromContext(ctx)"),
    Name("nevow.url.rootaccessor", None, "use URL.fromContext(ctx)"),
    Name("nevow.url.URLGenerator", None, "give elements the addresses that they need"),
    Name("nevow.url.URLRedirectAdapter", None, "a URL is adapted to IResource by itself"),
    Name("nevow.url.URLSerializer", None, "use str(url)"),
    Name("nevow.url.URLOverlaySerializer", None, "put the overlay into a document, or use addressFor(request)"),
    # nevow.util
    Name("nevow.util.UnexposedMethodError", None, "expose.get raises AttributeError"),
    Name("nevow.util.remainingSegmentsFactory", None, "use IRequest(ctx).postpath, which is of bytes"),
    Name("nevow.util.currentSegmentsFactory", None, "use IRequest(ctx).prepath, which is of bytes"),
    Name("nevow.util.escapeToXML", None, "use html.escape"),
    Name("nevow.util.Failure", "twisted.python.failure.Failure"),
    Name("nevow.util.Deferred", "twisted.internet.defer.Deferred"),
    Name("nevow.util.DeferredList", "twisted.internet.defer.DeferredList"),
    Name("nevow.util.maybeDeferred", "twisted.internet.defer.maybeDeferred"),
    Name("nevow.util.succeed", "twisted.internet.defer.succeed"),
    Name("nevow.util.log", "twisted.python.log"),
    Name("nevow.util.namedAny", "twisted.python.reflect.namedAny"),
    Name("nevow.util.qual", "twisted.python.reflect.qual"),
    Name("nevow.util.accumulateBases", None, "use inspect.getmro"),
    Name("nevow.util.allYourBase", None, "use inspect.getmro"),
    Name("nevow.util.uniquify", "twisted.python.util.uniquify"),
    Name("nevow.util.CachedFile", None, "use os.stat, or xmlfile, which reads a changed file again"),
)
