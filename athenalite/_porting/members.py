# -*- test-case-name: tests.porting.test_members -*-
"""
Members of an application's pages and elements: those that Nevow called or read and nothing does here, and names that
have a meaning here and had none for Nevow. Pure data, for the warnings when classes are made and for the command.
"""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType
from typing import Final, NamedTuple

#: Kinds of classes: all pages, live pages, all elements and fragments, those with a widget.
_PAGES: Final = frozenset(("page",))
_LIVE_PAGES: Final = frozenset(("live page",))
_ELEMENTS: Final = frozenset(("element",))
_WIDGETS: Final = frozenset(("widget",))
_ALL: Final = _PAGES | _ELEMENTS
_LIVE: Final = _LIVE_PAGES | _WIDGETS

#: The kinds of our classes, by their names, which are Nevow's.
BASES: Final = MappingProxyType(
    {
        "Page": _PAGES,
        "LivePage": _PAGES | _LIVE_PAGES,
        "ElementRenderingLivePage": _PAGES | _LIVE_PAGES,
        "Element": _ELEMENTS,
        "Fragment": _ELEMENTS,
        "LiveElement": _ELEMENTS | _WIDGETS,
        "LiveFragment": _ELEMENTS | _WIDGETS,
        "TabbedPaneFragment": _ELEMENTS | _WIDGETS,
    }
)


class Member(NamedTuple):
    """A name in classes of some kinds, and what to say of it."""

    kinds: frozenset[str]
    text: str
    #: How many parameters such a method has with ``self``; None if any. A method with
    #: another number of parameters is not the one that Nevow called.
    parameters: int | None = None


_FORM: Final = "it belonged to formless: let a widget call an exposed method, whose annotations check values"
_FAILED: Final = "override renderingFailed(self, failure) of the page, or give the site pages for its errors"
_MISSING: Final = "override childFactory(self, ctx, name), or locateChild, of the root, and return a page"
_LONG_POLL: Final = "it belonged to the long poll"
_WHERE: Final = "scripts, style sheets and sockets are at _athena below the page: override locateChild for others"

#: What Nevow called or read of such a class, and nothing does here, with the remedy.
UNCALLED: Final = MappingProxyType(
    {
        "goingLive": Member(_ALL, "write connectionMade(self), and use self.callRemote in the place of client", 3),
        "afterRender": Member(_PAGES, "in beforeRender, use IRequest(ctx).notifyFinish()"),
        "renderHTTP_notFound": Member(_PAGES, _MISSING),
        "renderHTTP_exception": Member(_PAGES, _FAILED),
        "renderInlineException": Member(_PAGES, _FAILED),
        "willHandle_notFound": Member(_PAGES, _MISSING),
        "data": Member(_ALL, "a renderer gets its data itself", 3),
        "macro": Member(_ALL, "write a renderer that returns the markup", 3),
        "flattenFactory": Member(_PAGES, "a document is flattened by twisted.web.template; override renderHTTP"),
        "renderUnsupported": Member(_LIVE_PAGES, "browsers are not identified"),
        "transportFactory": Member(_LIVE_PAGES, _LONG_POLL),
        "transportLimit": Member(_LIVE_PAGES, _LONG_POLL),
        "liveTransportMessageReceived": Member(_LIVE_PAGES, _LONG_POLL),
        "child_transport": Member(_LIVE_PAGES, _WHERE),
        "child_jsmodule": Member(_LIVE_PAGES, _WHERE),
        "child_cssmodule": Member(_LIVE_PAGES, _WHERE),
        "factory": Member(
            _LIVE_PAGES, "give it to each page, LivePage(factory=...), or to the site, as livePageFactory"
        ),
        "BOOTSTRAP_MODULES": Member(_LIVE_PAGES, "name modules in // import of the page's own jsClass"),
        **{
            name: Member(_ALL, _FORM)
            for name in ("locateConfigurable", "getBindingNames", "getBinding", "postForm", "webFormPost")
        },
        "onPostFailure": Member(_ALL, _FORM),
    }
)
#: The same for methods whose names begin so.
UNCALLED_PREFIXES: Final = MappingProxyType(
    {prefix: Member(_ALL, _FORM) for prefix in ("configurable_", "configure_", "bind_")}
)

_ATTRIBUTES: Final = frozenset(("BOOTSTRAP_MODULES", "factory", "flattenFactory", "transportFactory", "transportLimit"))

_TWISTED: Final = "is a method of twisted.web's resources, which a site calls"
_INNER: Final = "is a method that athenalite calls itself"
_CONNECTION: Final = "is called without arguments when the connection"
#: What has a meaning here that it did not have for Nevow, and that a class of another meaning would disturb.
NEW: Final = MappingProxyType(
    {
        "disconnected": Member(_LIVE, f"{_CONNECTION} has dropped"),
        "resumed": Member(_LIVE, f"{_CONNECTION} is there again"),
        "authorize": Member(_LIVE_PAGES, "is called for each socket, and decides whether it is accepted"),
        "close": Member(_LIVE_PAGES, "ends the page in the browser"),
        "session": Member(_LIVE_PAGES, "is the page's session with its browser; a user's is request.getSession()"),
        "values": Member(_LIVE_PAGES, "converts what is sent"),
        "currentURL": Member(_LIVE_PAGES, "is the address that the browser shows"),
        **{name: Member(_LIVE_PAGES, "has the browser show another address") for name in ("pushURL", "replaceURL")},
        "athenaID": Member(_WIDGETS, "is the number of the widget"),
        "widgetInfo": Member(_WIDGETS, "is what was sent of the widget"),
        "rerender": Member(_WIDGETS, "is called to render the parts of a live template again"),
        "pageLost": Member(_WIDGETS, "is called when the page is lost"),
        "debug": Member(_PAGES, "shows errors, and their tracebacks, in the browser"),
        "headers": Member(_PAGES, "is a dict of headers, which each response has"),
        "isLeaf": Member(_PAGES, "keeps a page from being asked for children"),
        "server": Member(_PAGES, "is set to its site by twisted.web"),
        "render": Member(_PAGES, _TWISTED),
        "renderDocument": Member(_PAGES, "is called to flatten the document"),
        "renderingFailed": Member(_PAGES, "is called with the failure when the document could not be rendered"),
        "setHeaders": Member(_PAGES, "is called with the request before the page is rendered"),
        "render_GET": Member(_PAGES, _TWISTED),
        "render_HEAD": Member(_PAGES, _TWISTED),
        "render_POST": Member(_PAGES, _TWISTED),
        "lookupRenderMethod": Member(_ELEMENTS, "is called to find renderers"),
        **{name: Member(_PAGES, _TWISTED) for name in ("getChild", "getChildWithDefault", "getChildForRequest")},
        **{name: Member(_PAGES, _TWISTED) for name in ("listNames", "listStaticNames", "listDynamicNames")},
        **{name: Member(_PAGES, _TWISTED) for name in ("listEntities", "listStaticEntities", "listDynamicEntities")},
        **{name: Member(_PAGES, _TWISTED) for name in ("getStaticEntity", "getDynamicEntity", "delEntity")},
        **{name: Member(_PAGES, _TWISTED) for name in ("reallyPutEntity", "entityType")},
        **{name: Member(_ELEMENTS, _INNER) for name in ("documentOfTemplate", "placeOfTemplate")},
        **{name: Member(_LIVE_PAGES, _INNER) for name in ("addElement", "elementDetached", "requiredModules")},
        **{name: Member(_LIVE_PAGES, _INNER) for name in ("convertValue", "fileOfModule", "needsParts", "needsRemote")},
        **{name: Member(_LIVE_PAGES, _INNER) for name in ("locateExposed", "locateObject")},
        **{name: Member(_LIVE_PAGES, _INNER) for name in ("sessionConnected", "sessionDisconnected")},
        **{name: Member(_LIVE_PAGES, _INNER) for name in ("sessionEnding", "sessionLost", "sessionResumed")},
        "takeAppearance": Member(_LIVE, _INNER),
    }
)


def kindsOf(bases: Iterable[str]) -> frozenset[str]:
    """
    :param bases: the names of classes of ours.
    :return: the kinds of a class with these base classes.
    """
    return frozenset(kind for base in bases for kind in BASES.get(base, ()))


def uncalled(name: str, kinds: frozenset[str], parameters: int | None) -> str | None:
    """
    :param name: of a member of a class.
    :param kinds: of the class.
    :param parameters: how many a method has; None if it is an attribute.
    :return: what to do instead if Nevow called or read it, and nothing does here.
    """
    member = UNCALLED.get(name)
    for prefix, other in UNCALLED_PREFIXES.items():
        member = other if name.startswith(prefix) and name != prefix else member
    if member is None or not member.kinds & kinds or (parameters is None and name not in _ATTRIBUTES):
        return None
    return member.text if member.parameters in (None, parameters) else None


def meaning(name: str, kinds: frozenset[str]) -> str | None:
    """
    :param name: of a member of a class.
    :param kinds: of the class.
    :return: what it means here, if it meant nothing to Nevow: a part of a sentence, of which it is the subject.
    """
    member = NEW.get(name)
    return member.text if member is not None and member.kinds & kinds else None
