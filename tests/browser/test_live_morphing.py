# -*- test-case-name: tests.browser.test_live_morphing -*-
"""What a new rendering changes in a real browser, and what it keeps."""

import random
from typing import TYPE_CHECKING, Any

from harness.browser import pausing
from harness.firefox import FirefoxTestCase, Tab
from harness.waiting import waitUntil
from tests.browser.test_live import BOARD, Board, BoardTestCase
from tests.browser.test_odd import APPLICATIONS

if TYPE_CHECKING:
    # For the assertions.
    from unittest import TestCase as Case
else:
    Case = object

#: Marks the nodes with an id on top, and returns how many of them were marked before the last rendering.
TOP = """() => {
    const { children } = document.querySelector('[data-athena-part="1.content"]');
    const top = [...children].filter((node) => node.hasAttribute("id"));
    const found = top.filter((node) => node.mark).map((node) => node.getAttribute("id"));
    top.forEach((node) => { node.mark = true; });
    return found;
}"""
#: Waits for the document in the frame, which replaces an empty one.
FRAMED = """() => new Promise((resolve) => {
    const isThere = () => document.querySelector("iframe").contentDocument?.body?.textContent === "x";
    const look = () => isThere() ? resolve(true) : setTimeout(look, 20);
    look();
})"""
FRESH = "(markup) => { const d = document.createElement('div'); d.innerHTML = markup; return d.innerHTML; }"


class Trees:
    """Random markup of one seed, each a change of the one before."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.children = [self.node(0) for _ in range(5)]

    def node(self, depth: int) -> Any:
        """A text, or an element as its name, attributes and children."""
        choose = self.random
        if depth and choose.random() < 0.3:
            return choose.choice(["text", "a &amp; b", " ", "𝄞"])
        attributes = {
            name: choose.choice("xyz") for name in ("class", "title", "hidden", "style") if choose.random() < 0.25
        }
        if "style" in attributes:
            attributes["style"] = f"color: {choose.choice(['red', 'blue'])};"
        if choose.random() < 0.5:
            attributes["id"] = f"n{choose.randrange(10_000)}"
        name = choose.choice(["div", "b", "ul", "input", "svg", "section"])
        if name == "input":
            return [name, attributes, []]
        return [name, attributes, [self.node(depth + 1) for _ in range(choose.randrange(4) if depth < 3 else 0)]]

    def change(self) -> None:
        """Change some nodes."""
        self.edit(self.children, 0)

    def edit(self, nodes: list[Any], depth: int) -> None:
        choose = self.random
        for _ in range(choose.randrange(3)):
            what = choose.random()
            if what < 0.3 or not nodes:
                nodes.insert(choose.randrange(len(nodes) + 1), self.node(depth))
            elif what < 0.6:
                nodes.pop(choose.randrange(len(nodes)))
            elif what < 0.8:
                choose.shuffle(nodes)
            else:
                nodes[choose.randrange(len(nodes))] = self.node(depth)
        for node in nodes:
            if isinstance(node, list):
                if choose.random() < 0.3:
                    node[1]["class"] = choose.choice(["x", "x y", "z"])
                if choose.random() < 0.4 and node[0] != "input":
                    self.edit(node[2], depth + 1)

    def ids(self) -> set[str]:
        """The ids of the nodes on top, with their names."""
        return {f"{node[0]} {node[1]['id']}" for node in self.children if isinstance(node, list) and "id" in node[1]}

    def markup(self, nodes: list[Any] | None = None) -> str:
        """The text."""
        parts = []
        for node in self.children if nodes is None else nodes:
            if isinstance(node, str):
                parts.append(node)
                continue
            name, attributes, children = node
            inside = "".join(f' {one}="{value}"' for one, value in attributes.items())
            parts.append(f"<{name}{inside}>" + ("" if name == "input" else f"{self.markup(children)}</{name}>"))
        return "".join(parts)


class Morphing(Board, Case):
    """Renderings of any markup, in any browser."""

    def open(self) -> Any:
        """Return a page whose widget is there."""
        raise NotImplementedError

    def test_random(self) -> None:
        """What the page has after each of many changes is the new rendering; what has an id is never made again."""
        page = self.open()
        for seed in range(8):
            trees = Trees(seed)
            self.put(page, trees.markup())
            page.evaluate(TOP)
            for _ in range(12):
                before = trees.ids()
                trees.change()
                markup = trees.markup()
                self.put(page, markup)
                self.assertEqual(normal(self.html(page)), normal(page.evaluate(FRESH, markup)), markup)
                kept = {one.partition(" ")[2] for one in before & trees.ids()}
                self.assertLessEqual(kept, set(page.evaluate(TOP)))

    def run_(self, page: Any, body: str, *arguments: Any) -> Any:
        """Run JavaScript with ``at(selector)`` for a node in the part."""
        at = """const at = (one) => document.querySelector('[data-athena-part="1.content"]').querySelector(one);"""
        return page.evaluate(f"(given) => {{ {at} {body} }}", list(arguments))

    def test_person(self) -> None:
        """What a person has done stays: focus and selection, text, choices, what is open, and scroll positions."""
        page = self.open()
        rows = [
            "<details id='d'><summary>s</summary>in</details>",
            "<input id='i' value='1' />",
            "<textarea id='t'>old</textarea>",
            "<select id='s'><option>a</option><option>b</option></select>",
            "<input id='c' type='checkbox' />",
            "<dialog id='g'>open</dialog>",
            "<div id='p' popover='auto'>pop</div>",
            "<div id='l' style='height: 20px; overflow: auto'><p style='height: 200px'>x</p></div>",
            "<iframe id='f' srcdoc='x'></iframe>",
        ]
        self.put(page, "".join(rows))
        page.evaluate(FRAMED)
        self.run_(
            page,
            """at("#d").open = true; at("#t").value = "typed"; at("#s").selectedIndex = 1; at("#c").checked = true;
            at("#l").scrollTop = 50; at("#g").showModal(); at("#g").close(); at("#g").show(); at("#p").showPopover();
            at("#i").value = "typed"; at("#i").focus(); at("#i").setSelectionRange(1, 3, "backward");
            at("#f").contentWindow.mark = 1;""",
        )
        changed = [row.replace("id=", "class='new' title='new' id=") for row in rows]
        changed[1] = changed[1].replace("value='1'", "value='2'")
        changed[2] = changed[2].replace("old", "new")
        changed[3] = changed[3].replace("<option>a", "<option>z</option><option>a")
        # Nearly all move.
        self.put(page, "<p>first</p>" + "".join(reversed(changed)) + "<p>last</p>")
        found = self.run_(
            page,
            """return [at("#d").open, at("#t").value, at("#s").value, at("#c").checked, at("#l").scrollTop,
            at("#g").open, at("#p").matches(":popover-open"), at("#i").value, document.activeElement.id,
            at("#i").selectionStart, at("#i").selectionEnd, at("#i").selectionDirection, at("#f").contentWindow.mark,
            at("#i").getAttribute("value"), at("#t").className];""",
        )
        expected = [True, "typed", "b", True, 50, True, True, "typed", "i", 1, 3, "backward", 1, "2", "new"]
        self.assertEqual(found, expected)

    def test_foreign(self) -> None:
        """Classes, attributes, styles and nodes of other scripts stay, where the server has rendered none."""
        page = self.open()
        self.put(page, "<p class='a b' style='color: red'>x<b>y</b></p><form><input name='id' /></form>")
        self.run_(
            page,
            """const p = at("p"); p.classList.add("foreign"); p.setAttribute("data-foreign", "1"); p.style.top = "1px";
            p.prepend(document.createElement("i")); at("b").append("more");
            at("form").before(document.createElement("hr"));""",
        )
        self.put(
            page, "<p class='b c' style='color: blue'>x<b>y</b><u>new</u></p><form class='f'><input name='id' /></form>"
        )
        found = self.run_(
            page, "const p = at('p'); return [p.className, p.style.cssText, p.dataset.foreign, p.innerHTML];"
        )
        self.assertEqual(found[0].split(), ["b", "foreign", "c"])
        self.assertEqual(found[1:], ["color: blue; top: 1px;", "1", "<i></i>x<b>ymore</b><u>new</u>"])
        self.assertEqual(self.run_(page, "return at('hr').nextSibling.className;"), "f")

    def test_composition(self) -> None:
        """A field in which an input method composes is changed when that is over; all else at once."""
        page = self.open()
        self.put(page, "<input id='i' /><b>1</b>")
        self.run_(
            page,
            "at('#i').focus(); at('#i').dispatchEvent(new CompositionEvent('compositionstart', { bubbles: true }));",
        )
        for number in (2, 3):
            self.put(page, f"<input id='i' title='{number}' /><b>{number}</b>")
        self.assertEqual(self.run_(page, "return [at('#i').title, at('b').textContent];"), ["", "3"])
        self.run_(page, "at('#i').dispatchEvent(new CompositionEvent('compositionend', { bubbles: true }));")
        self.assertEqual(self.run_(page, "return at('#i').title;"), "3")
        self.put(page, "<input id='i' /><b>4</b>")
        self.assertEqual(self.run_(page, "return at('#i').hasAttribute('title');"), False)

    def test_kept(self) -> None:
        """The content of an element with data-athena-keep is left alone, and its attributes are not."""
        page = self.open()
        self.put(page, "<x-item data-athena-keep='' title='1'>a</x-item>")
        self.run_(page, "at('x-item').textContent = 'own';")
        self.put(page, "<x-item data-athena-keep='' title='2'>b</x-item>")
        self.assertEqual(self.run_(page, "return [at('x-item').title, at('x-item').textContent];"), ["2", "own"])

    def test_keys(self) -> None:
        """Odd keys are keys."""
        page = self.open()
        for markup in (
            "<p data-athena-key='__proto__'>1</p><p data-athena-key='constructor'>2</p>",
            "".join(f"<p data-athena-key='{key}'>{key}</p>" for key in ("constructor", "__proto__", "__proto__")),
            "<p data-athena-key='__proto__'>4</p>",
        ):
            self.put(page, markup)
            self.assertEqual(self.html(page), page.evaluate(FRESH, markup))


class MorphingTests(BoardTestCase, Morphing):
    """Chromium."""

    def test_scripts(self) -> None:
        """Scripts and handlers of markup do not run, and nothing is loaded twice."""
        page = self.open()
        requests: list[str] = []
        page.on("request", lambda request: requests.append(request.url))
        self.expectComplaint("404|Content.Security.Policy|inline")
        self.put(page, "<img src='/one.png' /><script>window.ran = 1</script><script src='/x.js'></script>")
        self.put(page, "<img src='/one.png' title='x' /><script>window.ran = 2</script><p>later</p>")
        self.assertIsNone(page.evaluate("() => window.ran ?? null"))
        # They are reported on a way of their own.
        waitUntil(lambda: requests, "nothing was loaded", pause=pausing(page))
        self.assertEqual([url.rpartition("/")[2] for url in requests], ["one.png"])

    def test_focus(self) -> None:
        """When the focused node is removed, the same control of the item in its place gets the focus."""
        page = self.open()
        page.focus("tr:nth-child(2) button")
        page.keyboard.press("Enter")
        page.wait_for_function("() => document.querySelectorAll('tbody tr').length === 4")
        self.assertTrue(
            page.evaluate("() => document.activeElement === document.querySelector('tr:nth-child(2) button')")
        )
        self.arrange(page)
        self.assertTrue(page.evaluate("() => document.activeElement === document.querySelector('tbody')"))


class FirefoxMorphingTests(FirefoxTestCase, Morphing):
    """Firefox."""

    def open(self) -> Tab:
        """Return a tab whose widget is there."""
        tab = self.openTab(self.sharedServer(BOARD, cwd=APPLICATIONS).url)
        tab.waitFor("() => globalThis.Nevow?.Athena?.Widget?._athenaWidgets[1] !== undefined")
        return tab

    def test_events(self) -> None:
        """A click calls the server, and rows move with what was typed."""
        tab = self.open()
        tab.evaluate("() => { document.querySelector('tr:nth-child(4) input').value = 'typed'; }")
        tab.evaluate("() => document.querySelector('tr:nth-child(2) button').click()")
        tab.waitFor("() => document.querySelectorAll('tbody tr').length === 4")
        self.arrange(tab, (3, "row 3"), (0, "row 0"), (7, "new"))
        self.assertEqual(self.rows(tab), ["row 3", "row 0", "new"])
        self.assertEqual(tab.evaluate("() => document.querySelector('tbody input').value"), "typed")


def normal(html: str) -> list[str]:
    """The parts of markup without the order of attributes, which depends on when each was set."""
    return [" ".join(sorted(one.split(" "))) for one in html.replace(' class=""', "").replace(">", " >").split("<")]
