/** What a new rendering keeps, and what it changes, case by case. */

import { equal } from "./stage.js";

const XLINK = "http://www.w3.org/1999/xlink";
const pause = () => new Promise((resolve) => { setTimeout(resolve); });

const PERSON = [
    "<details id='d'><summary>s</summary>in</details>",
    "<input id='i' value='1' />",
    "<textarea id='t'>old</textarea>",
    "<select id='s'><option>a</option><option>b</option></select>",
    "<select id='m' multiple><option>a</option><option selected>b</option><option>c</option></select>",
    "<input id='c' type='checkbox' />",
    "<input id='r' type='range' value='3' />",
    "<label><input id='o' type='radio' name='o' checked /><input id='q' type='radio' name='o' /></label>",
    "<dialog id='g'>open</dialog>",
    "<dialog id='h'>modal<input /></dialog>",
    "<div id='p' popover='manual'>pop</div>",
    "<div id='l' style='height: 20px; overflow: auto'><p style='height: 200px'>x</p></div>",
    "<div id='e' contenteditable='true'></div>",
    "<video id='v'></video>",
];

const CASES = {
    /** Focus and selection, text, choices, what is open, and scroll positions. */
    async person(stages) {
        const stage = await stages.open(PERSON.join(""));
        const at = (id) => stage.at(`#${id}`);
        at("d").open = true;
        at("t").value = "typed";
        at("s").selectedIndex = 1;
        at("m").options[0].selected = true;
        at("m").options[1].selected = false;
        at("c").checked = true;
        at("r").value = "70";
        at("q").checked = true;
        at("l").scrollTop = 50;
        at("l").dispatchEvent(new Event("scroll"));
        at("g").show();
        at("h").showModal();
        at("h").firstElementChild.value = "in it";
        at("p").showPopover();
        at("e").append("written");
        at("v").muted = true;
        at("v").playbackRate = 2;
        const nodes = stage.all("[id]");
        const changed = PERSON.map((row) => row.replace("id=", "class='new' title='new' id="));
        changed[1] = changed[1].replace("value='1'", "value='2'");
        changed[2] = changed[2].replace("old", "new");
        changed[3] = changed[3].replace("<option>a", "<option>z</option><option>a");
        changed[6] = changed[6].replace("'3'", "'4'");
        at("h").close();
        at("i").value = "typed";
        at("i").focus();
        at("i").setSelectionRange(1, 3, "backward");
        at("h").setAttribute("open", "");
        stage.put(`<p>first</p>${changed.toReversed().join("")}<p>last</p>`);
        equal(nodes.every((node) => at(node.id) === node && node.isConnected), true, "the same nodes");
        equal([at("d").open, at("t").value, at("s").value, at("c").checked, at("r").value, at("q").checked],
            [true, "typed", "b", true, "70", true]);
        equal([...at("m").selectedOptions].map(({ value }) => value), ["a"]);
        equal([at("l").scrollTop, at("g").open, at("h").open, at("e").textContent], [50, true, true, "written"]);
        // A browser closes what is moved without its state.
        equal(at("p").matches(":popover-open"), "moveBefore" in Element.prototype);
        equal([at("v").muted, at("v").playbackRate, at("h").firstElementChild.value], [true, 2, "in it"]);
        equal([document.activeElement.id, at("i").value, at("i").getAttribute("value"), at("t").className], ["i", "typed", "2", "new"]);
        equal([at("i").selectionStart, at("i").selectionEnd, at("i").selectionDirection], [1, 3, "backward"]);
    },

    /** A modal dialog stays one, with the focus in it. */
    async modal(stages) {
        const stage = await stages.open("<dialog id='g'><p>1</p><input /></dialog>");
        stage.at("dialog").showModal();
        stage.at("input").focus();
        stage.put("<p>0</p><dialog id='g'><p>2</p><p>3</p><input title='x' /></dialog>");
        equal([stage.at("dialog").matches(":modal"), document.activeElement.title, stage.at("dialog p").textContent], [true, "x", "2"]);
        stage.at("dialog").close();
    },

    /** What the person has not touched is as the server has rendered it; so is everything once the form is reset. */
    async untouched(stages) {
        const form = (value, on, chosen) => `<form><input value="${value}" /><input type="checkbox" ${on ? "checked" : ""} />`
            + `<select>${["a", "b"].map((one) => `<option ${one === chosen ? "selected" : ""}>${one}</option>`).join("")}</select>`
            + `<textarea>${value}</textarea><details ${on ? "open" : ""}>x</details></form>`;
        const stage = await stages.open(form("1", false, "a"));
        const state = () => [...["input", "select", "textarea"].map((one) => stage.at(one).value),
            stage.at("[type=checkbox]").checked, stage.at("details").open];
        stage.put(form("2", true, "b"));
        equal(state(), ["2", "b", "2", true, true]);
        stage.at("input").value = "typed";
        stage.at("textarea").value = "typed";
        stage.at("select").value = "b";
        stage.at("[type=checkbox]").checked = false;
        stage.put(form("3", true, "b"));
        equal(state(), ["typed", "b", "typed", false, true]);
        stage.at("form").reset();
        equal(state(), ["3", "b", "3", true, true]);
        stage.put(form("3", false, "a"));
        equal(state(), ["3", "a", "3", false, false]);
    },

    /** A form has its own method, and not the one by which it is not sent before there are handlers. */
    async methods(stages) {
        const stage = await stages.open("<form method='post'></form>");
        for (const [text, method] of [["1", "method='post' "], ["2", ""]]) {
            stage.put(`<form method='dialog' data-athena-method='${method && "post"}'>${text}</form>`);
            stage.has(`<form ${method}>${text}</form>`);
        }
    },

    /** What goes back to an earlier rendering is compared with the last one. */
    async back(stages) {
        const stage = await stages.open("<p title=\"1\">1</p>");
        for (const number of [2, 1, 2]) {
            const markup = `<p title="${number}">${number}</p>${"<i></i>".repeat(number)}<b>${number}</b>`;
            stage.put(markup);
            stage.has(markup);
        }
    },

    /** What a list has selected by itself is no choice of a person's, in whatever order its options have come. */
    async selecting(stages) {
        const list = (...names) => `<select>${names.map((one) => `<option id="${one}" ${one === "c" ? "selected" : ""}>${one}</option>`).join("")}</select>`;
        const stage = await stages.open(list("a", "c"));
        for (const names of ["ab", "cab", "dcab", "ab"]) {
            stage.put(list(...names));
            equal(stage.at("select").value, names.includes("c") ? "c" : "a");
        }
        stage.at("#b").selected = true;
        stage.put(list(..."cab"));
        equal(stage.at("select").value, "b");
    },

    /** What a person has selected in a list stays, whatever the server selects; it follows the server if that is gone. */
    async chosen(stages) {
        const list = (names, selected) => `<select>${names.map((one) => `<option id="${one}" ${one === selected ? "selected" : ""}>${one}</option>`)
            .join("")}</select>`;
        const stage = await stages.open(list(["a", "b", "c"], "a"));
        stage.at("#b").selected = true;
        stage.put(list(["c", "b", "d"], "c"));
        equal(stage.at("select").value, "b");
        stage.put(list(["c", "d"], "d"));
        equal(stage.at("select").value, "d");
    },

    /** A radio button that a person has chosen stays chosen; untouched ones follow the server. */
    async radios(stages) {
        const form = (name, value) => `<form title="${value}">${["a", "b", "c"].map((one) => `<input type="radio" name="${name}" value="${one}"
            ${one === value ? "checked" : ""} />`).join("")}<input name="getRootNode" /></form>`;
        const stage = await stages.open(form("r&quot;]", "a"));
        const chosen = () => stage.all("[type=radio]").map((one) => one.checked && one.value).filter(Boolean);
        for (const value of ["c", "b", "c", "a"]) {
            stage.put(form("r&quot;]", value));
            equal(chosen(), [value]);
        }
        stage.at("[value=b]").checked = true;
        stage.put(form("r&quot;]", "c"));
        equal(chosen(), ["b"]);
        stage.at("form").reset();
        equal(chosen(), ["c"]);
    },

    /** Classes, attributes, styles and nodes of other scripts. */
    async foreign(stages) {
        const stage = await stages.open("<p class='a b' style='color: red' title='1'>x<b>y</b></p><form><input name='id' /></form>");
        const p = stage.at("p");
        p.classList.add("foreign");
        p.setAttribute("data-foreign", "1");
        p.setAttribute("title", "own");
        p.style.top = "1px";
        p.prepend(document.createElement("i"));
        stage.at("b").append("more");
        stage.at("form").before(document.createElement("hr"));
        stage.put("<p class='b c' style='color: blue' title='1'>x<b>y</b><u>new</u></p><form class='f'><input name='id' /></form>");
        equal([...p.classList].toSorted(), ["b", "c", "foreign"]);
        equal([p.style.color, p.style.top, p.dataset.foreign, p.title], ["blue", "1px", "1", "own"]);
        equal([p.innerHTML, stage.at("hr").nextSibling.className], ["<i></i>x<b>ymore</b><u>new</u>", "f"]);
        stage.put("<p>x<b>z</b></p><form><input name='id' /></form>");
        equal([p.className, p.style.cssText, p.innerHTML, p.title], ["foreign", "top: 1px;", "<i></i>x<b>zmore</b>", ""]);
        p.remove();
        stage.put("<p title='2'>x<b>z</b></p><form title='2'><input name='id' /></form>");
        equal([stage.node.querySelector("p"), stage.at("form").title], [null, "2"]);
    },

    /** A translation replaces texts by elements: what the server changes afterwards is shown. */
    async translated(stages) {
        const translate = [
            (text, font) => text.replaceWith(font),
            (text, font) => [text.before(font), text.remove()],
            (text, font) => [text.after(font), text.remove()],
        ];
        for (const replace of translate) {
            const stage = await stages.open("<p title=\"a\">one</p>two<b>three</b>four");
            const translateAll = () => {
                const walker = document.createTreeWalker(stage.node, NodeFilter.SHOW_TEXT);
                const texts = [];
                while (walker.nextNode()) {
                    texts.push(walker.currentNode);
                }
                for (const text of texts.filter((one) => one.parentNode.localName !== "font")) {
                    const font = document.createElement("font");
                    font.textContent = text.data.toUpperCase();
                    replace(text, font);
                }
            };
            const shows = (expected) => equal(stage.node.textContent, expected, String(replace));
            translateAll();
            shows("ONETWOTHREEFOUR");
            // What does not differ stays translated, also when all is translated again, as the observer of a translation does.
            for (const wait of [() => null, pause]) {
                stage.put("<p title=\"b\">uno</p>two<b>three</b>four");
                shows("unoTWOTHREEFOUR");
                translateAll();
                await wait();
                stage.put("<p title=\"c\">one</p>two<b>three</b>four");
                shows("oneTWOTHREEFOUR");
                translateAll();
                await wait();
            }
            stage.put("<p>one</p><i>new</i>two<b>three</b>");
            shows("ONEnewtwoTHREE");
            stage.put("<b>three</b>");
            stage.put("<b>3</b>");
            stage.has("<b>3</b>");
        }
    },

    /** What another script has put elsewhere stays there, and goes with its item. */
    async moved(stages) {
        const row = (key, text) => `<p data-athena-key="${key}">${text}</p>`;
        const stage = await stages.open(`<div class="own"></div>${row(1, "one")}${row(2, "two")}`);
        const moved = stage.at("p");
        stage.at(".own").append(moved);
        stage.put(`<div class="own"></div>${row(2, "zwei")}${row(1, "eins")}`);
        equal([stage.at(".own").innerHTML, stage.all("p").length, moved.textContent], [moved.outerHTML, 2, "eins"]);
        stage.put(`<div class="own"></div>${row(1, "one")}${row(2, "two")}`);
        equal(stage.at(".own").innerHTML, moved.outerHTML);
        stage.put(`<div class="own"></div>${row(2, "zwei")}`);
        equal(stage.all("p").map(({ textContent }) => textContent), ["zwei"]);
    },

    /** Whatever another script has added, moved and removed before the first rendering, each node is known for what it was. */
    async rearranged(stages) {
        const rows = (...texts) => texts.map((text, index) => `<p title="${index}">${text}</p>`).join("");
        const stage = await stages.open(rows("a", "b", "c", "d"));
        const [a, b, c] = stage.all("p");
        a.remove();
        b.before(document.createElement("p"), document.createElement("p"));
        c.after(b);
        b.previousSibling.previousSibling.remove();
        stage.node.prepend(c);
        stage.put(rows("a1", "b1", "c1", "d1"));
        equal([a, b, c].map(({ textContent }) => textContent), ["a1", "b1", "c1"]);
        equal(stage.all("p").map(({ textContent }) => textContent), ["c1", "", "b1", "d1"]);
    },

    /** A field in which an input method composes is changed when that is over; all else at once. */
    async composition(stages) {
        const stage = await stages.open("<input id='i' /><b>1</b>");
        const compose = (name) => stage.at("#i").dispatchEvent(new CompositionEvent(name, { bubbles: true }));
        compose("compositionstart");
        for (const number of [2, 3, 3]) {
            stage.put(`<input id='i' title='${number}' /><b>${number}</b>`);
        }
        equal([stage.at("#i").title, stage.at("b").textContent], ["", "3"]);
        compose("compositionend");
        equal(stage.at("#i").title, "3");
        stage.put("<input id='i' /><b>4</b>");
        equal(stage.at("#i").hasAttribute("title"), false);
        // What is as it was when it began is shown as that.
        compose("compositionstart");
        stage.put("<input id='i' title='5' /><b>4</b>");
        stage.put("<input id='i' /><b>4</b>");
        compose("compositionend");
        equal(stage.at("#i").hasAttribute("title"), false);
    },

    /** A composing element is not changed within, and not moved; its item may be. */
    async composing(stages) {
        const stage = await stages.open("<div id='e' contenteditable='true'>a<b>b</b></div><p>1</p>");
        const compose = (target, name) => target.dispatchEvent(new CompositionEvent(name, { bubbles: true }));
        compose(stage.at("#e"), "compositionstart");
        stage.put("<p>2</p><div id='e' contenteditable='true' title='x'>c<b>d</b></div>");
        equal([stage.at("#e").innerHTML, stage.at("p").textContent], ["a<b>b</b>", "2"]);
        compose(stage.at("#e"), "compositionend");
        equal([stage.at("#e").innerHTML, stage.at("#e").title], ["c<b>d</b>", "x"]);
        compose(stage.at("#e"), "compositionstart");
        stage.put("<p>3</p>");
        stage.put("<p>4</p><i>5</i>");
        stage.has("<p>4</p><i>5</i>");
    },

    /** The content of an element with data-athena-keep is left alone, and its attributes are not. */
    async keep(stages) {
        const stage = await stages.open("<x-item data-athena-keep='' title='1'>a</x-item>");
        stage.at("x-item").textContent = "own";
        stage.put("<x-item data-athena-keep='' title='2'><b>b</b></x-item>");
        equal([stage.at("x-item").title, stage.at("x-item").textContent], ["2", "own"]);
    },

    /** Odd keys are keys; of two that are the same both are shown. */
    async keys(stages) {
        const item = (key, text) => `<p data-athena-key='${key}'>${text}</p>`;
        const stage = await stages.open("");
        for (const markup of [
            item("__proto__", 1) + item("constructor", 2), ["constructor", "__proto__", "__proto__"].map((key) => item(key, key)).join(""),
            item("__proto__", 4), `<b>${item(1, 1)}</b>${item(1, 2)}<p>plain</p>`, `<p>plain</p>${item(1, 3)}`,
        ]) {
            stage.put(markup);
            stage.has(markup);
        }
    },

    /** Keyed nodes keep what is in them, wherever they are moved, and plain ones between them. */
    async keyed(stages) {
        const item = (key) => `<li data-athena-key="${key}"><input /></li>`;
        const stage = await stages.open(`${item(1)}<li>plain</li>${item(2)}`);
        const [one, two] = stage.all("input");
        one.value = "one";
        stage.put(`${item(2)}${item(3)}<li>plain</li>${item(1)}`);
        equal(stage.all("input").map((node) => [one, two].indexOf(node)), [1, -1, 0]);
        stage.put(`<b data-athena-key="2"></b>${item(1)}`);
        equal([stage.at("b") !== null, stage.all("input").indexOf(one)], [true, 0]);
    },

    /** The node of a widget, or of another part, is left alone. */
    async boundary(stages) {
        const stage = await stages.open("<div id='athena:7'><i>own</i></div><p data-athena-part='9.x'><i>own</i></p>");
        stage.put("<p data-athena-part='9.x' title='x'></p><div id='athena:7' title='x'></div><b>new</b>");
        equal(stage.all("i").length, 2);
        equal(stage.node.innerHTML, "<p data-athena-part=\"9.x\"><i>own</i></p><div id=\"athena:7\"><i>own</i></div><b>new</b>");
    },

    /** Markup is read as the parser of the page reads it at its place. */
    async contexts(stages) {
        for (const [tag, around, ...markups] of [
            ["tbody", (text) => `<table>${text}</table>`, "<tr><td>1</td></tr>", "<tr><td>1</td><td>2</td></tr><tr><th>3</th></tr>"],
            ["tr", (text) => `<table><tbody>${text}</tbody></table>`, "<td>1</td>", "<td>1</td><th>2</th>"],
            ["colgroup", (text) => `<table>${text}</table>`, "<col>", "<col span=\"2\"><col>"],
            ["table", (text) => text, "<caption>1</caption>", "<tr><td>1</td></tr>", "<thead><tr><td>2</td></tr></thead>"],
            ["optgroup", (text) => `<select>${text}</select>`, "<option>1</option>", "<option>1</option><option>2</option>"],
            ["select", (text) => text, "<option>1</option>", "<optgroup label=\"x\"><option>1</option></optgroup>"],
            ["g", (text) => `<svg>${text}</svg>`, "<path d=\"M0 0\"></path>", "<text>a</text><foreignObject><p>b</p></foreignObject>"],
            ["svg", (text) => text, "<path></path>", "<linearGradient viewBox=\"0\"></linearGradient>"],
            ["mrow", (text) => `<math>${text}</math>`, "<mi>x</mi>", "<mi>x</mi><mo>+</mo>"],
            ["div", (text) => text, "<textarea>\n\na</textarea><pre>\n\nb</pre>", "<textarea>\n\nc</textarea><pre>\n\nd</pre>",
                "<table><tr><td>1</td></tr></table>&amp;&nbsp;&lt;&hellip;", "<template><b>x</b></template>",
                "<template><b>y</b><i>z</i></template>", "<p><template>1</template></p>", "<p><template>2</template></p>", "<style>p > a { top: 1px }</style><noscript><p>x</p></noscript>",
                "<!-- comment --><svg><a></a></svg>", "<!-- other --><svg><title>x</title></svg>"],
        ]) {
            const stage = await stages.open("", tag, around);
            for (const markup of markups) {
                stage.put(markup);
                stage.has(markup, tag);
            }
        }
    },

    /** Pieces belong to the text that was sent last; items have texts of their own. */
    async pieces(stages) {
        const stage = await stages.open("");
        stage.put("<p>1</p>");
        const at = stage.markupOf("<p>1</p>").match(/[^"<>]*["<>]/g).indexOf("1<");
        for (const number of [2, 3]) {
            stage.send([at, `${number}<`]);
            stage.has(`<p>${number}</p>`);
        }
        const list = await stages.open("<li data-athena-key=\"1\">1</li>", "ul");
        list.send([[["2", "<li data-athena-key=\"2\">2</li>"]], [["2", "1"]]]);
        list.send([[["2", [4, "3<"]]], []]);
        list.send([[["2", [4, "4<"]], ["3", "<li data-athena-key=\"3\">5</li>"]], [["3", "2"], ["1", "3"]]]);
        equal(list.all("li").map(({ textContent }) => textContent), ["1", "5", "4"]);
        list.send([[["1", null], ["3", null]], []]);
        list.has("<li data-athena-key=\"2\">4</li>");
        list.send([[["2", null], [null, "<li data-athena-empty=\"\">none</li>"]], [[null, null]]]);
        list.has("<li data-athena-empty=\"\">none</li>");
        list.send([[[null, null], ["1", "<b data-athena-key=\"1\">1</b>"]], [["1", null]]]);
        list.has("<b data-athena-key=\"1\">1</b>");
        list.send([[["1", "<i data-athena-key=\"1\">2</i>"]], []]);
        list.has("<i data-athena-key=\"1\">2</i>");
    },

    /** Nothing runs or loads by being parsed: what is on the page is loaded once. */
    async inert(stages) {
        let loads = 0;
        globalThis.morphingLoads = () => { loads += 1; };
        const picture = (title) => `<img src="data:," onerror="morphingLoads()" title="${title}" />`;
        const stage = await stages.open("");
        const pictureLoaded = () => new Promise((resolve) => {
            const other = new Image();
            other.onerror = resolve;
            other.src = "data:,other";
        });
        stage.put(picture(1));
        await new Promise((resolve) => { stage.at("img").addEventListener("error", resolve); });
        stage.put(picture(2));
        await pictureLoaded();
        await pause();
        equal([loads, stage.at("img").title], [1, "2"]);
        stage.put("<script>globalThis.morphingRan = true</script>");
        equal("morphingRan" in globalThis, false);
    },

    /** Attributes have their namespaces, those that are new, too. */
    async namespaces(stages) {
        const stage = await stages.open("<svg><use></use></svg>");
        const reference = () => stage.at("use").getAttributeNS(XLINK, "href");
        for (const [text, value] of [[" xlink:href=\"#a\"", "#a"], [" xlink:href=\"#b\" href=\"#c\"", "#b"], [" href=\"#c\"", null]]) {
            stage.put(`<svg><use${text}></use></svg>`);
            equal(reference(), value);
        }
    },

    /** What gets autofocus by a rendering does not take the focus. */
    async autofocus(stages) {
        const stage = await stages.open("<input id='a' /><input id='b' />");
        stage.at("#a").focus();
        stage.put("<input id='a' /><input id='b' autofocus='' /><input id='c' autofocus='' />");
        await pause();
        equal([document.activeElement.id, stage.at("#b").hasAttribute("autofocus")], ["a", false]);
    },

    /** If the focused node is removed, the same control of the item in its place gets the focus; else the part. */
    async focus(stages) {
        const row = (key) => `<li data-athena-key="${key}"><b>${key}</b><button>${key}</button></li>`;
        const stage = await stages.open([1, 2, 3].map(row).join(""), "ul");
        stage.all("button")[1].focus();
        stage.send([[["2", null]], []]);
        equal(document.activeElement.textContent, "3");
        stage.send([[["3", null]], []]);
        equal(document.activeElement.textContent, "1");
        stage.send([[["1", null]], []]);
        equal(document.activeElement === stage.node, true);
        // Of a list within the part, too; also if what was before it goes.
        const list = (...keys) => `<p>x</p><ul>${keys.map(row).join("")}</ul>`;
        const nested = await stages.open(list(1, 2, 3, 4));
        nested.all("button")[2].focus();
        for (const [keys, text] of [[[1, 2, 4], "4"], [[1, 2], "2"], [[5, 6], "5"]]) {
            nested.put(list(...keys));
            equal(document.activeElement.textContent, text);
        }
    },

    /** An iframe that moves is not loaded again, where the browser can. */
    async frames(stages) {
        const frame = (id) => `<iframe id="${id}" srcdoc="<p>x"></iframe>`;
        const stage = await stages.open(`${frame("a")}${frame("b")}`);
        const documentOf = (node) => node.contentDocument?.querySelector("p") && node.contentDocument;
        while (!stage.all("iframe").every(documentOf)) {
            await pause();
        }
        const documents = stage.all("iframe").map(documentOf);
        stage.put(`${frame("b")}<p>x</p>${frame("a")}`);
        const stays = stage.all("iframe").map((node) => documents.indexOf(documentOf(node)));
        equal(stays, "moveBefore" in Element.prototype ? [1, 0] : [-1, 0]);
    },

    /** Text selected beside a change stays selected, and that in a node that moves where the browser can. */
    async selected(stages) {
        const stage = await stages.open("<p id='a'>selected text</p><p id='b'>1</p>");
        getSelection().setBaseAndExtent(stage.at("#a").firstChild, 2, stage.at("#a").firstChild, 6);
        stage.put("<p id='a' class='x'>selected text</p><p id='c'>0</p><p id='b'>2</p>");
        equal(getSelection().toString(), "lect");
    },

    /** A custom element keeps the nodes that it has made, and gets the changes of its attributes. */
    async custom(stages) {
        if (!customElements.get("x-counted")) {
            customElements.define("x-counted", class extends HTMLElement {
                static observedAttributes = ["title"];
                made = 0;
                connectedCallback() { this.made += 1; }
                connectedMoveCallback() {}
                attributeChangedCallback(name, old, value) { this.heard = value; }
            });
        }
        const stage = await stages.open("<x-counted id='x' title='1'></x-counted><p id='p'></p>");
        const node = stage.at("x-counted");
        node.attachShadow({ mode: "open" }).innerHTML = "<input />";
        node.shadowRoot.firstChild.value = "typed";
        stage.put("<p id='p'></p><x-counted id='x' title='2'>light</x-counted>");
        equal([stage.at("x-counted") === node, node.heard, node.textContent, node.shadowRoot.firstChild.value], [true, "2", "light", "typed"]);
    },

    /** A part that is of another kind of element is replaced; the page goes on with the new one. */
    async kinds(stages) {
        const stage = await stages.open("<b>1</b>");
        const old = stage.node;
        stage.send(stage.markupOf("<b>2</b>").replaceAll("div", "section"));
        equal([stage.node.localName, old.isConnected, stage.node.innerHTML], ["section", false, "<b>2</b>"]);
        stage.send(stage.markupOf("<b>3</b>").replaceAll("div", "section"));
        equal(stage.node.innerHTML, "<b>3</b>");
        const renamed = stage.node;
        renamed.title = "own";
        stage.rename("<b>4</b>", "section");
        equal([stage.node === renamed, stage.node.innerHTML], [true, "<b>4</b>"]);
        stage.send(stage.markupOf("<b>5</b>").replaceAll("div", "section"));
        equal([stage.node === renamed, stage.node.innerHTML], [true, "<b>5</b>"]);
        equal(renamed.title, "own");
        stage.send(null);
        equal(stage.node.hasAttribute("data-athena-stale"), true);
        stage.send([]);
        equal(stage.node.hasAttribute("data-athena-stale"), false);
    },

    /** Of forms whose fields hide all their properties, each stays itself; so it is with a part, an item, or the focused field. */
    async hidden(stages) {
        const names = new Set();
        for (let holder = HTMLFormElement.prototype; holder; holder = Object.getPrototypeOf(holder)) {
            Reflect.ownKeys(holder).forEach((name) => typeof name === "string" && names.add(name));
        }
        const fields = [...names].map((name) => `<input name="${name}" />`).join("");
        const form = (id, title) => `<form id="${id}" title="${title}" class="c${title}" style="top: ${title}px">${fields}</form>`;
        const get = (node, name) => Element.prototype.getAttribute.call(node, name);
        const stage = await stages.open(form("a", 1) + form("b", 1));
        const [a, b] = stage.all("form");
        for (const node of [a, b]) {
            Element.prototype.setAttribute.call(node, "class", "c1 own");
            Element.prototype.setAttribute.call(node, "style", "top: 1px; left: 1px");
        }
        const field = stage.at("input");
        field.value = "typed";
        field.focus();
        stage.put(form("b", 2) + form("a", 3));
        equal(stage.all("form").map((node) => [a, b].indexOf(node)), [1, 0]);
        equal(stage.all("form").map((node) => ["title", "class", "style"].map((name) => get(node, name))),
            [["2", "own c2", "top: 2px; left: 1px;"], ["3", "own c3", "top: 3px; left: 1px;"]]);
        equal([field.value, document.activeElement === field], ["typed", true]);
        stage.put(form("c", 1));
        equal(stage.all("form").length, 1);
        const list = await stages.open(`${fields}<p data-athena-key="1"><b>1</b></p>`.slice(fields.length), "form");
        list.send([[["1", `<fieldset data-athena-key="1">${fields}</fieldset>`]], []]);
        const items = ["2", "3"].map((key) => [key, `<fieldset data-athena-key="${key}"><input /></fieldset>`]);
        list.send([items, [["2", "1"], ["3", "2"]]]);
        Element.prototype.querySelector.call(list.node, "input").focus();
        list.send([[["3", null]], [["2", null]]]);
        list.send([[["2", null]], []]);
        equal(Element.prototype.querySelectorAll.call(list.node, "fieldset").length, 1);
        list.put("<b>1</b>", " title=\"x\"");
        equal([get(list.node, "title"), list.root.querySelectorAll("b").length], ["x", 1]);
    },
};

export const keptCases = CASES;
