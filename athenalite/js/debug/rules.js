/** How the debug panel looks: the rules of its shadow tree, in which the application's do not count. */

const HEIGHT = "min(26rem, 55vh)";
/** Failed calls, below, take up to 60vh (`overlay.js`): the button is above them. */
const OVERLAY_END = "62vh";

/** A rule of the document while the panel is open: failed calls are shown above it. */
export const OVERLAY_RULES_BESIDE = `:root [data-athena-overlay] { bottom: ${HEIGHT}; max-height: 20vh }`;

export const PANEL_RULES = `
:host {
    all: initial !important;
    position: fixed !important;
    inset: auto 0 0 0 !important;
    inline-size: auto !important;
    block-size: auto !important;
    display: block !important;
    pointer-events: none !important;
    color-scheme: light dark !important;
    direction: ltr !important;
    --sheet: light-dark(#fff, #1a1d23);
    --bar: light-dark(#eef0f4, #101216);
    --ink: light-dark(#1b1f27, #e7eaf0);
    --faint: light-dark(#5c6472, #9aa3b2);
    --rule: light-dark(#dde1e8, #2c313a);
    --edge: light-dark(#858d9b, #6d7686);
    --sent: light-dark(#2456c9, #8fb2ff);
    --received: light-dark(#1a6e3c, #7fd6a2);
    --alarm: light-dark(#b3261e, #ffb4ab);
    --warning: light-dark(#8a4b00, #f5c063);
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
section { color: var(--ink); font: 14px/1.4 system-ui, sans-serif; text-align: start; }
:focus-visible { outline: 2px solid var(--sent); outline-offset: -2px; }
.tab, .panel { pointer-events: auto; background: var(--bar); color: inherit; }
.tab {
    position: fixed;
    inset: auto 0 ${OVERLAY_END} auto;
    padding: 0.75rem 0.375rem;
    border: 1px solid var(--edge);
    border-right: 0;
    border-radius: 0.625rem 0 0 0.625rem;
    box-shadow: 0 1px 6px #0003;
    font: 600 13px/1.25 system-ui, sans-serif;
    writing-mode: vertical-rl;
    cursor: pointer;
}
.tab::before, .state::before {
    content: "";
    display: inline-block;
    inline-size: 0.625rem;
    block-size: 0.625rem;
    border: 1px solid currentColor;
    border-radius: 50%;
    background: var(--light, transparent);
    forced-color-adjust: none;
}
.tab::before { margin-inline-end: 0.375rem; }
[data-state="connected"] { --light: var(--received); }
[data-state="cut"] { --light: var(--warning); }
[data-state="lost"] { --light: var(--alarm); }
.panel {
    display: grid;
    grid-template-rows: auto 1fr;
    block-size: ${HEIGHT};
    border-block-start: 2px solid var(--edge);
    box-shadow: 0 -4px 16px #0002;
}
header {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.25rem 1rem;
    padding: 0.375rem 0.75rem;
    border-block-end: 1px solid var(--rule);
}
header p { margin: 0; }
.state { display: flex; align-items: center; gap: 0.375rem; font-weight: 600; }
.totals { flex: 1 1 12rem; color: var(--faint); font-variant-numeric: tabular-nums; }
.tools { display: flex; flex-wrap: wrap; align-items: center; gap: 0.375rem 0.5rem; }
header button, label { min-block-size: 2.25rem; }
header button {
    padding: 0 0.75rem;
    border: 1px solid var(--edge);
    border-radius: 0.5rem;
    background: var(--sheet);
    color: inherit;
    font: inherit;
    cursor: pointer;
}
button[aria-disabled="true"] { color: var(--faint); cursor: default; }
label { display: flex; align-items: center; gap: 0.375rem; }
input { inline-size: 1.125rem; block-size: 1.125rem; margin: 0; accent-color: var(--sent); }
ol { overflow: auto; overscroll-behavior: contain; margin: 0; padding: 0; list-style: none; background: var(--sheet); }
li { padding-inline-start: 3px; border-block-end: 1px solid var(--rule); }
li:is([data-kind="error"], [data-kind="cut"], [data-kind="failed"], [data-kind="connected"], [data-kind="resumed"], [data-resent]) {
    padding-inline-start: 0;
    border-inline-start: 3px solid var(--mark, var(--warning));
}
li[data-kind="error"] { --mark: var(--alarm); }
li:is([data-kind="connected"], [data-kind="resumed"]) { --mark: var(--received); }
ol:not([data-minor]) li[data-minor] { display: none; }
.line {
    display: grid;
    grid-template-columns: 6.5rem 9.5rem minmax(8rem, 16rem) 1fr 5rem 4.5rem;
    align-items: baseline;
    gap: 0 0.75rem;
    padding: 0.25rem 0.75rem;
    list-style: none;
}
summary.line { cursor: pointer; }
summary.line::-webkit-details-marker { display: none; }
summary.line:hover { background: var(--bar); }
time, .bytes, .took { color: var(--faint); font: 12px/1.5 ui-monospace, monospace; font-variant-numeric: tabular-nums; white-space: nowrap; }
.bytes, .took { text-align: end; }
.kind { font-weight: 600; white-space: nowrap; }
[data-direction="sent"] .kind { color: var(--sent); }
[data-direction="received"] .kind { color: var(--received); }
[data-kind="error"] .kind { color: var(--alarm); }
:is([data-kind="cut"], [data-kind="failed"]) .kind { color: var(--warning); }
.resent { color: var(--warning); font-weight: 400; }
.name, .text { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.text, pre { font: 12px/1.5 ui-monospace, monospace; }
pre { margin: 0; padding: 0.25rem 0.75rem 0.5rem; overflow-wrap: anywhere; white-space: pre-wrap; }
[open] .text { visibility: hidden; }
.spoken { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (max-width: 52rem) {
    .state { flex: 1; }
    .totals { order: 1; flex-basis: 100%; }
    .tools { order: 2; }
    .line { grid-template-columns: 1fr auto auto auto; grid-template-areas: "kind bytes took time" "name name name name" "text text text text"; }
    .kind { grid-area: kind; }
    .name { grid-area: name; }
    .text { grid-area: text; }
    .name:empty, .text:empty, .took:empty, [open] .text { display: none; }
    .bytes { grid-area: bytes; }
    .took { grid-area: took; }
    time { grid-area: time; }
}
`;
