/** The hash by which a page's policy allows its style, and none other; a test holds it to the style. */
export const PAGE_STYLE_HASH = "sha256-aRS/9YysPoYgNNj5plrxFWtWsBForqtnjAmrehTNdkA=";

/**
 * The style of every page. No element has a style of its own: the policy would not let it. Colours come in pairs for
 * light and dark; a cell's pattern and sign say the same as its colour.
 */
export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --ground: #f4f6f9; --paper: #fff; --ink: #18202e; --soft: #525d70; --line: #d7dde6; --link: #0a57a4; --tint: #eef2f7;
  --good: #277a69; --same: #8793a6; --back: #7b5cc0; --hollow: #687488; --ahead: #96600a; --gone: #687488;
  --bad: #cf2f1e; --bad-2: #c2410c; --bad-3: #b0236f; --bad-4: #8a5a00; --bad-5: #7c2d12; --on-tone: #fff;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0d1117; --paper: #161c26; --ink: #e4e9f1; --soft: #a4afc0; --line: #2e3848; --link: #82bbff; --tint: #1e2632;
    --good: #3f9f8a; --same: #69778d; --back: #a98be6; --hollow: #8f9bb0; --ahead: #dda23a; --gone: #8f9bb0;
    --bad: #ff6a55; --bad-2: #ff9d5c; --bad-3: #f27ab8; --bad-4: #d9b44a; --bad-5: #d98f73; --on-tone: #10151d;
  }
}
* { box-sizing: border-box; }
body { margin: 0; padding: 1.5rem 1rem 3rem; background: var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, "Segoe UI", Roboto, Helvetica, Arial, sans-serif; overflow-wrap: anywhere; }
header, main, footer { max-width: 70rem; margin: 0 auto; }
.kind, .facts, .soft, footer { color: var(--soft); }
.kind { margin: 0; font-size: .85rem; letter-spacing: .02em; }
h1 { margin: .2rem 0; font-size: 1.6rem; line-height: 1.25; font-weight: 650; }
h2 { margin: 0 0 .8rem; font-size: 1.1rem; }
h3 { margin: 0 0 .5rem; font-size: 1rem; }
h3 code { font-weight: 650; }
h3 .soft { font-weight: 400; }
.facts { margin: 0 0 1.2rem; font-size: .9rem; }
.status { display: inline-block; padding: 0 .55em; border-radius: .3em; background: var(--tone); color: var(--on-tone); font-weight: 600; }
.notice { margin: 0 0 1rem; padding: .7rem 1rem; border: 2px dashed var(--ahead); border-radius: .5rem; background: var(--paper); }
section { margin: 0 0 1rem; padding: 1.1rem 1.25rem; border: 1px solid var(--line); border-radius: .6rem; background: var(--paper); }
p { margin: 0 0 .6rem; }
a { color: var(--link); }
code, pre { font: .875em/1.45 ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; }
pre { margin: .3rem 0 .6rem; padding: .6rem .8rem; overflow: auto; border-radius: .4rem; background: var(--tint); white-space: pre-wrap; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
footer { font-size: .8rem; }

.good { --tone: var(--good); } .same { --tone: var(--same); } .back { --tone: var(--back); }
.hollow { --tone: var(--hollow); } .ahead { --tone: var(--ahead); } .gone { --tone: var(--gone); }
.bad { --tone: var(--bad); } .bad-2 { --tone: var(--bad-2); } .bad-3 { --tone: var(--bad-3); }
.bad-4 { --tone: var(--bad-4); } .bad-5 { --tone: var(--bad-5); }

.tiles { display: flex; flex-wrap: wrap; gap: .5rem; margin: 0 0 1rem; padding: 0; list-style: none; }
.tiles a, .tiles li > span { display: flex; align-items: center; gap: .5rem; padding: .35rem .8rem .35rem .6rem; border: 1px solid var(--line); border-radius: .4rem; color: inherit; }
.tiles a { border-color: var(--tone, var(--link)); }
.tiles b { font-size: 1.25rem; font-variant-numeric: tabular-nums; }

.map { margin: 0 0 .6rem; }
.map label { margin-left: .4rem; font-size: .9rem; }
.grid { display: flex; flex-wrap: wrap; margin: .5rem 0 0; padding: 0; list-style: none; }
.grid.large { --cell: 14px; gap: 3px; }
.grid.middle { --cell: 10px; gap: 2px; }
.grid.small { --cell: 7px; gap: 1px; }
.grid li { width: var(--cell); height: var(--cell); overflow: hidden; font-size: 0; }
.grid a { display: block; height: 100%; color: inherit; }
.grid.small [class^="bad"] { outline: 1px solid var(--ink); background: var(--tone); }
.grid li:focus-within { outline: 3px solid var(--link); outline-offset: 1px; }
.swatch { display: inline-block; flex: none; width: 14px; height: 14px; }
.grid li, .swatch { border-radius: 2px; background: var(--tone); print-color-adjust: exact; }
.grid .same, .swatch.same { background: linear-gradient(var(--tone), var(--tone)) center / 100% 50% no-repeat, var(--line); }
.grid .back, .swatch.back { background: linear-gradient(90deg, var(--tone) 50%, var(--line) 50%); }
.grid .hollow, .swatch.hollow { background: var(--paper); border: 2px solid var(--tone); }
.grid .gone, .swatch.gone { background: var(--paper); border: 2px dotted var(--tone); }
.grid .ahead, .swatch.ahead { border-radius: 50%; }
.grid .bad, .swatch.bad { background: linear-gradient(45deg, transparent 42%, var(--paper) 42% 58%, transparent 58%), linear-gradient(135deg, transparent 42%, var(--paper) 42% 58%, transparent 58%), var(--tone); }
.grid .bad-2, .swatch.bad-2 { background: linear-gradient(45deg, var(--tone) 40%, var(--paper) 40% 60%, var(--tone) 60%); }
.grid .bad-3, .swatch.bad-3 { background: linear-gradient(var(--tone) 38%, var(--paper) 38% 62%, var(--tone) 62%); }
.grid .bad-4, .swatch.bad-4 { background: linear-gradient(90deg, var(--tone) 38%, var(--paper) 38% 62%, var(--tone) 62%); }
.grid .bad-5, .swatch.bad-5 { background: radial-gradient(var(--paper) 28%, var(--tone) 32%); }
.with-names:checked ~ .grid { gap: .3rem; }
.with-names:checked ~ .grid li { width: auto; max-width: 100%; height: auto; padding: .05rem .45rem; border: 1px solid var(--line); border-left: .5rem solid var(--tone); border-radius: .25rem; background: var(--paper); font-size: .85rem; }
.with-names:checked ~ .grid li::before { margin-right: .35em; color: var(--tone); font-weight: 700; content: "✓"; }
.with-names:checked ~ .grid .same::before { content: "="; }
.with-names:checked ~ .grid .back::before { content: "↶"; }
.with-names:checked ~ .grid .hollow::before { content: "–"; }
.with-names:checked ~ .grid .ahead::before { content: "!"; }
.with-names:checked ~ .grid .gone::before { content: "?"; }
.with-names:checked ~ .grid [class^="bad"]::before { content: "✕"; }
.with-names:checked ~ .grid a { display: inline; }

.failure { margin: 0 0 .9rem; }
.entry { display: grid; grid-template-columns: 12rem minmax(0, 1fr); gap: 0 1.2rem; margin: 0 0 .5rem; }
.entry p { margin: 0 0 .3rem; }
.failure { padding: .8rem 1rem; border: 1px solid var(--line); border-left: .3rem solid var(--bad); border-radius: .4rem; }
.entry + .entry { padding-top: .5rem; border-top: 1px solid var(--line); }
.entry:last-child, .failure:last-child { margin-bottom: 0; }
.hint { padding: .4rem .7rem; border-radius: .3rem; background: var(--tint); }
.message, .hint, dd { white-space: pre-wrap; }
.names { display: flex; flex-wrap: wrap; gap: .1rem .7rem; margin: 0 0 .2rem; padding: 0; list-style: none; font-weight: 600; }
.names li, .name, .grid li, caption { unicode-bidi: isolate; white-space: pre-wrap; }
.names li:target, .failure:target { outline: 3px solid var(--link); outline-offset: 3px; border-radius: 2px; }
details { margin: 0 0 .5rem; }
summary { cursor: pointer; color: var(--link); }
.fold > summary { font-weight: 600; }
.drift { margin: .6rem 0 0; padding-left: 1.4rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem .8rem; margin: .3rem 0; }
dd { margin: 0; }

.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: .9rem; overflow-wrap: normal; }
td code { overflow-wrap: anywhere; }
caption { padding: .4rem 0; text-align: left; font-weight: 600; }
th, td { padding: .3rem .8rem .3rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
thead th { color: var(--soft); font-weight: 600; }
tbody th { font-weight: 500; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }

.histogram { display: block; overflow: visible; margin: .5rem 0; }
.bar { fill: var(--good); }
.longer { fill: var(--paper); stroke: var(--good); stroke-width: 2; stroke-dasharray: 3 2; }
.axis { stroke: var(--soft); }
.mark { stroke: var(--ink); stroke-dasharray: 4 3; }
.tick { fill: var(--soft); font-size: 12px; text-anchor: middle; }
.marked { fill: var(--ink); font-size: 13px; font-weight: 600; }
.start { text-anchor: start; } .end { text-anchor: end; }

@media (max-width: 40rem) {
  body { padding: 1rem .5rem 2rem; }
  section { padding: .9rem .8rem; }
  h1 { font-size: 1.3rem; }
  .entry { grid-template-columns: minmax(0, 1fr); }
  .tiles a, .tiles li > span { padding: .2rem .55rem .2rem .45rem; gap: .35rem; font-size: .9rem; }
  .tiles b { font-size: 1.05rem; }
}
@media print {
  :root { --ground: #fff; --paper: #fff; --ink: #000; --soft: #444; --line: #bbb; --tint: #f2f2f2; --link: #000; --on-tone: #fff;
    --good: #277a69; --same: #8793a6; --back: #7b5cc0; --hollow: #687488; --ahead: #96600a; --gone: #687488;
    --bad: #cf2f1e; --bad-2: #c2410c; --bad-3: #b0236f; --bad-4: #8a5a00; --bad-5: #7c2d12; }
  body { padding: 0; font-size: 10pt; }
  section { padding: .5rem 0; border: 0; border-top: 1px solid var(--line); border-radius: 0; }
  .status { print-color-adjust: exact; }
  .with-names, .map label { display: none; }
  .scroll, pre { overflow: visible; }
  h2, h3, tr { break-after: avoid; break-inside: avoid; }
  details::details-content { content-visibility: visible; block-size: auto; }
}
`;
