import { figure } from "../figure.js";
import { isOwnRow } from "../own-row.js";
import { round, svgPage, svgText } from "./svg-page.js";

/** Bars that are compared with each other. */
export interface BarPanel {
  readonly title: string;
  readonly bars: readonly { readonly name: string; readonly perSecond: number }[];
}

const WIDTH = 860;
const BAR = 15;
const GAP = 6;
const LABELS = 320;
const FIGURES = 70;
const PANEL_HEAD = 34;
const HEAD = 40;

/** Panels below each other, each with a scale of its own: a longer bar is quicker. */
export function barChart(title: string, panels: readonly BarPanel[]): string {
  const content = [svgText({ x: 16, y: 26, text: title, style: "title" })];
  let top = HEAD;
  for (const { title: panelTitle, bars } of panels) {
    content.push(svgText({ x: 16, y: top + 20, text: panelTitle, style: "muted" }));
    const longest = Math.max(...bars.map(({ perSecond }) => (Number.isNaN(perSecond) ? 0 : perSecond)));
    bars.forEach(({ name, perSecond }, index) => {
      const y = top + PANEL_HEAD + index * (BAR + GAP);
      const own = isOwnRow(name);
      const length = Number.isNaN(perSecond) ? 0 : ((WIDTH - LABELS - FIGURES - 16) * perSecond) / longest;
      content.push(
        svgText({ x: LABELS - 8, y: y + 12, text: name, anchor: "end", ...(own ? { style: "own" } : {}) }),
        `<rect class="fill${own ? 0 : 1}" x="${LABELS}" y="${y}" width="${round(length)}" height="${BAR}" rx="2"/>`,
        svgText({
          x: LABELS + length + 6,
          y: y + 12,
          text: Number.isNaN(perSecond) ? "failed" : figure(perSecond),
          style: own ? "small own" : "small",
        }),
      );
    });
    top += PANEL_HEAD + bars.length * (BAR + GAP) + 4;
  }
  return svgPage(WIDTH, top + 12, title, content);
}
