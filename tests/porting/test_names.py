# -*- test-case-name: tests.porting.test_names -*-
"""The table of Nevow's names."""

from importlib import import_module

from twisted.trial.unittest import SynchronousTestCase

from athenalite._porting.names import MODULES, NAMES

#: The public classes, functions and constants of Nevow's modules.
PUBLIC = {
    "appserver": """
        DefaultExceptionHandler FourOhFour NevowRequest NevowSite NotFound OldResourceAdapter
        UninformativeExceptionHandler defaultExceptionHandlerFactory errorMarker processingFailed requestFactory
        sessionFactory""",
    "athena": """
        ATHENA_XMLNS_URI AutoCSSPackage AutoJSPackage CSSModule CSSRegistry ConnectFailed ConnectionLost
        ConnectionLostTransport IntrospectionFragment JSDependencies JSException JSModule JSModules JSPackage
        LiveElement LiveFragment LivePage LivePageError LivePageFactory LivePageTransport MappingResource NoSuchMethod
        OrphanedFragment ReliableMessageDelivery activeChannel allCSSPackages allJavascriptPackages dependencyOrdered
        expose handler jsDeps neverEverCache renderer Element URL UserAgent _LiveMixin _collectPackageBelow _mangleId
        getJSFailure here rewriteAthenaIds rewriteEventHandlerNodes""",
    "compression": "CompressingRequestWrapper CompressingResourceWrapper parseAcceptEncoding",
    "context": """
        FactoryContext NodeNotFound PageContext RequestContext SiteContext TooManyNodes WebContext WovenContext
        getRequestContext""",
    "errors": "MissingDocumentFactory MissingRenderMethod RenderError",
    "flat": "flatten flattenFactory getFlattener getSerializer iterflatten partialflatten precompile registerFlattener",
    "i18n": "I18NConfig PlaceHolder Translator _ flattenL10n languagesFactory render ungettext",
    "inevow": """
        IAthenaTransportable ICSSPackage ICanHandleException ICanHandleNotFound IComponentized IContainer
        ICurrentSegments IData IDocFactory IEventMaster IFilesystemPackage IGettable IGuardSession IHand II18NConfig
        IJavascriptPackage
        ILanguages ILogger IMacroFactory IQ IRemainingSegments IRenderable IRenderer IRendererFactory IRequest IResource
        ISerializable ISession ISettable IStatusMessage IViewParameters""",
    "json": "CycleError ParseError parse serialize",
    "loaders": "htmlfile htmlstr stan xmlfile xmlstr",
    "page": "Element FlattenerError MissingDocumentFactory deferflatten renderer",
    "rend": """
        ChildLookupMixin ConfigurableFactory ConfigurableMixin DataFactory DataNotFoundError FourOhFour Fragment
        FreeformChildMixin MacroFactory NotFound Page RenderFactory data defaultsFactory errorsFactory handFactory
        mapping originalFactory sequence statusFactory string NodeNotFound PageContext WovenContext _CARRYOVER""",
    "stan": """
        Comment CommentProto Entity NodeNotFound PatternTag Proto Tag TooManyNodes Unset UnsetClass cdata directive
        invisible makeAccessors raw slot specialMatches specials visit xml""",
    "static": """
        ASISProcessor Data File FileTransfer Registry addSlash getTypeAndEncoding isDangerous loadMimeTypes
        staticHTML""",
    "taglibrary.tabbedPane": "TabbedPane TabbedPaneFragment tabbedPane tabbedPaneGlue",
    "tags": "_del _dir _map _object a cdata comment directive div drange inlineJS invisible raw slot xml",
    "testutil": """
        AccumulatingFakeRequest CSSModuleTestMixin FakeChannel FakeRequest FakeSession FakeSite FragmentWrapper
        JavaScriptTestCase JavaScriptTestSuite NotSupported TestCase fs renderLivePage renderPage
        setJavascriptInterpreterOrSkip""",
    "url": """
        URL URLGenerator URLOverlay URLOverlaySerializer URLRedirectAdapter URLSerializer gethere gethereaccessor here
        WovenContext hereaccessor normURLPath root rootaccessor unquerify viewhere viewhereaccessor""",
    "util": """
        CachedFile Deferred DeferredList UnexposedMethodError
        Expose Failure accumulateBases allYourBase currentSegmentsFactory escapeToXML
        getPOSTCharset log maybeDeferred namedAny qual remainingSegmentsFactory resource_filename sibpath succeed
        uniquify""",
    "vhost": "NameVirtualHost VHostMonsterResource VirtualHostList",
}


class NamesTests(SynchronousTestCase):
    """``NAMES``"""

    def test_once(self):
        """No name has two rows."""
        self.assertEqual(len({name.old for name in NAMES}), len(NAMES))

    def test_remedy(self):
        """A name is here, or its row has advice, which continues a sentence."""
        for name in NAMES:
            self.assertTrue(name.new or name.advice, name.old)
            self.assertFalse(name.advice.endswith("."), name.old)

    def test_modulesFirst(self):
        """The row of a module comes before those of its names."""
        seen = set()
        for name in NAMES:
            module = name.old.rpartition(".")[0]
            self.assertTrue(module in seen or not module, name.old)
            seen.add(name.old)

    def test_complete(self):
        """Each public name of Nevow's modules is here, or has a row."""
        rows = {name.old for name in NAMES}
        for module, names in PUBLIC.items():
            here = import_module(f"athenalite.{module}")
            for name in names.split():
                if f"nevow.{module}.{name}" in rows:
                    self.assertNotIn(name, vars(here), f"{module}.{name}")
                else:
                    self.assertTrue(hasattr(here, name), f"{module}.{name}")
        self.assertEqual({f"nevow.{module}" for module in PUBLIC} - {name.old for name in MODULES}, set())
