"""The pages that are served."""

import itertools
import os

from zope.interface import Interface, implementer

from athenalite import athena, inevow, loaders, rend, static, tags, url, util
from athenalite import tags as T
from athenalite.page import Element, renderer
from athenalite.taglibrary import tabbedPane

NAMESPACES = 'xmlns:n="http://nevow.com/ns/nevow/0.1" xmlns:athena="http://divmod.org/ns/athena/0.7"'


class ModulesPage(athena.LivePage):
    """Registers its modules one by one, in its __init__."""

    addSlash = True

    def __init__(self, *a, **kw):
        super().__init__(*a, **kw)
        self.jsModules.mapping["PortedThing"] = util.sibpath(__file__, "js/PortedThing.js")
        self.jsModules.mapping["TabModule"] = util.sibpath(__file__, "js/TabModule.js")


# A demo of widgets


class Clock(athena.LiveFragment):
    """Its page is assigned to it, and it calls its widget."""

    jsClass = "PortedThing.Clock"
    docFactory = loaders.xmlstr(f"""
<div {NAMESPACES} n:render="liveFragment">
    <a href="#"><athena:handler event="onclick" handler="start" />Start</a>
    <div class="clock-time" />
</div>""")
    ticks = 0

    @athena.expose
    def start(self):
        self.ticks += 1
        self.callRemote("setTime", f"tick {self.ticks}").addErrback(lambda failure: failure.printTraceback())


class ClockPage(ModulesPage):
    """Two clocks, numbered slots filled before it is rendered, and files beside it."""

    docFactory = loaders.xmlstr(f"""<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN"
  "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">
<html {NAMESPACES}>
    <head><title><n:slot name="title" /></title><n:invisible n:render="liveglue" /></head>
    <body><div n:render="clock">First</div><div n:render="clock">Second</div></body>
</html>""")

    def beforeRender(self, ctx):
        ctx.fillSlots("title", ["Clocks ", 2])

    def childFactory(self, ctx, name):
        child = super().childFactory(ctx, name)
        path = util.sibpath(__file__, name)
        if child is None and os.path.exists(path):
            child = static.File(path)
        return child

    def render_clock(self, ctx, data):
        clock = Clock()
        clock.page = self
        return ctx.tag[clock]


# A machine's screen


class Stopped(athena.LiveElement):
    """The first content of the screen."""

    docFactory = loaders.stan(tags.div(render=tags.directive("liveElement"), id="stopped")[tags.h1["STOPPED"]])


class Drawing(athena.LiveElement):
    """The second content: a widget whose node is a drawing."""

    jsClass = "PortedThing.Drawing"
    docFactory = loaders.stan(
        tags.Tag("svg")(render=tags.directive("liveElement"), xmlns="http://www.w3.org/2000/svg", width=10)[
            tags.xml(loaders.xmlstr('<circle xmlns="http://www.w3.org/2000/svg" id="lamp" r="2"/>'))
        ]
    )


class Screen(athena.LiveElement):
    """Shows one or the other, and detaches the one before."""

    jsClass = "PortedThing.Screen"
    docFactory = loaders.stan(
        tags.div(render=tags.directive("liveElement"))[tags.div(id="content")[tags.div(render=tags.directive("HMI"))]]
    )
    running = False

    def HMI(self, ctx, data):
        return self.getHMI()

    renderer(HMI)

    def getHMI(self):
        for child in self.liveFragmentChildren[:]:
            child.detach()
        child = Drawing() if self.running else Stopped()
        child.setFragmentParent(self)
        return child

    athena.expose(getHMI)

    def run(self):
        self.running = True
        self.callRemote("updateHMI")

    athena.expose(run)


class ScreenPage(ModulesPage):
    """Is served as XHTML, for the drawing."""

    docFactory = loaders.stan(
        [
            tags.raw(
                '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" "x">\n'
            ),
            tags.html(xmlns="http://www.w3.org/1999/xhtml")[
                tags.head(render=tags.directive("liveglue")),
                tags.body[tags.div(render=tags.directive("screen"))],
            ],
        ]
    )

    def renderHTTP(self, ctx):
        inevow.IRequest(ctx).setHeader("Content-type", "application/xhtml+xml")
        return super().renderHTTP(ctx)

    def render_screen(self, ctx, data):
        screen = Screen()
        screen.setFragmentParent(self)
        return ctx.tag[screen]


# A tabbed page


class Tabs(athena.LiveFragment):
    """Makes its rows of patterns, and has arguments for its widget."""

    jsClass = "TabModule.Pane"
    docFactory = loaders.xmlstr(
        f"""
<html {NAMESPACES}><body><div n:pattern="tabs" n:render="liveFragment">
    <b n:pattern="tab" class="tab"><athena:handler event="onclick" handler="choose"/><n:slot name="name"/></b>
    <div n:render="tabs"/>
    <i n:render="count" />
</div></body></html>""",
        "tabs",
    )

    def render_tabs(self, ctx, data):
        tab = inevow.IQ(self.docFactory).patternGenerator("tab")
        return ctx.tag[[tab().fillSlots("name", name) for name in self.original]]

    def render_count(self, ctx, data):
        return ctx.tag[len(data), lambda ctx, data: [" ", data[0]]]

    def getInitialArguments(self):
        return (list(self.original),)


class TabsPage(ModulesPage):
    """Served below a page that is not Athena's."""

    docFactory = loaders.stan(T.html[T.head(render=T.directive("liveglue")), T.body[T.div(render=T.directive("tabs"))]])

    def render_tabs(self, ctx, data):
        tabs = Tabs(["one", "two"])
        tabs.setFragmentParent(self)
        return tabs


# Tabbed panes


class PanesPage(ModulesPage):
    """A tabbed pane with a widget, in which there is another one, and a clock."""

    docFactory = loaders.stan(T.html[T.head(render=T.directive("liveglue")), T.body[T.directive("panes")]])

    def render_panes(self, ctx, data):
        inner = tabbedPane.TabbedPaneFragment([("One", "inner first"), ("Two", "inner second")])
        clock = Clock()
        outer = tabbedPane.TabbedPaneFragment([("One", ["outer first", inner]), ("Two", clock)], 0, "outer")
        outer.setFragmentParent(self)
        inner.setFragmentParent(outer)
        clock.setFragmentParent(outer)
        return outer


class PlainPanesPage(rend.Page):
    """Tabbed panes without widgets, and another one in a pane."""

    addSlash = True
    child_css = tabbedPane.tabbedPaneGlue.fileCSS
    child_js = tabbedPane.tabbedPaneGlue.fileJS
    docFactory = loaders.stan(
        T.html[
            T.head[T.link(rel="stylesheet", href="css"), T.script(src="js"), T.link(rel="icon", href="data:,")],
            T.body[T.directive("panes")],
        ]
    )

    def render_panes(self, ctx, data):
        inner = tabbedPane.tabbedPane(
            ctx, {"pages": [("One", "inner first"), ("Two", "inner second")], "name": "inner"}
        )
        return tabbedPane.tabbedPane(ctx, {"pages": [("One", ["outer first", inner]), ("Two", T.b["outer second"])]})


# A form


class Field(Element):
    """Part of a form, and no widget: its handlers and ids are those of the form."""

    preprocessors = athena.LiveElement.preprocessors
    docFactory = loaders.stan(
        T.div[
            T.label(_for="name")["Name"],
            T.input(id="name", name="name", size=10, value=None)[athena.handler(event="onchange", handler="changed")],
        ]
    )


class Form(athena.LiveElement):
    """A form, in which a renderer puts a field."""

    jsClass = "PortedThing.Form"
    docFactory = loaders.xmlstr(f"""
<form {NAMESPACES} n:render="liveElement" athena:formname="ported" action="#">
    <athena:handler event="onsubmit" handler="submit" />
    <n:invisible n:render="field" />
    <textarea name="text">words</textarea>
    <input type="checkbox" name="sure" checked="checked" />
    <input type="submit" value="Send" />
    <div class="answer" />
</form>""")

    @renderer
    def field(self, request, tag):
        return tag[[Field()]]

    @athena.expose
    def invoke(self, inputs):
        return ", ".join(f"{name}={value!r}" for name, value in sorted(inputs.items()))


class FormPage(ModulesPage):
    """Has the form in its document."""

    docFactory = loaders.stan(T.html[T.head(render=T.directive("liveglue")), T.body[T.div(render=T.directive("form"))]])

    @renderer
    def form(self, request, tag):
        form = Form()
        form.setFragmentParent(self)
        return tag[form]


# An object behind a page


class ICounter(Interface):
    """The methods that a browser may call."""

    def count(step):
        """Count on."""


@implementer(ICounter)
class Counter:
    """The object behind the page."""

    def __init__(self):
        self.steps = itertools.count(1)

    def count(self, step):
        return next(self.steps) * step

    def secret(self):
        raise AssertionError("this is not in the interface")


class CounterPage(ModulesPage):
    """A page that calls its rootObject."""

    docFactory = loaders.stan(T.html[T.head(render=T.directive("liveglue")), T.body["ready"]])


# The site


@implementer(inevow.IResource)
class Icon:  # type: ignore[misc]  # that is the point
    """A resource with Nevow's methods only."""

    def locateChild(self, ctx, segments):
        return rend.NotFound

    def renderHTTP(self, ctx):
        inevow.IRequest(ctx).setHeader("content-type", "image/x-icon")
        return b""


class Root(rend.Page):
    """The page at the top, which links to the others."""

    addSlash = True
    docFactory = loaders.stan(
        T.html[T.body[T.a(href=url.here.child("clocks").add("a", "1"))["Clocks"], T.comment["no more"]]]
    )

    def __init__(self):
        super().__init__()
        self.children = {
            "script.js": static.Data(b"window.loadedByScript = 'yes';", "text/javascript"),
            "style.css": static.Data(b"", "text/css"),
        }

    def child_echo(self, ctx):
        request = inevow.IRequest(ctx)
        return request.uri + b" " + request.requestHeaders.getRawHeaders(b"x-y")[0]

    def child_clocks(self, ctx):
        return ClockPage()

    def child_screen(self, ctx):
        return ScreenPage()

    def child_tabs(self, ctx):
        return TabsHolder()

    def child_panes(self, ctx):
        return PanesPage()

    def child_plainpanes(self, ctx):
        return PlainPanesPage()

    def child_form(self, ctx):
        return FormPage()

    def child_counter(self, ctx):
        return CounterPage(ICounter, Counter())

    def locateChild(self, ctx, segments):
        if segments[0] == "favicon.ico":
            return Icon(), ()
        return super().locateChild(ctx, segments)


class TabsHolder(rend.Page):
    """Sends browsers to the address with a slash, and shows another page there."""

    def renderHTTP(self, ctx):
        if not inevow.IRequest(ctx).path.endswith(b"/"):
            return url.here.child("")
        return TabsPage()
