import { type Markup, markup } from "./markup.js";
import { counted, duration } from "./quantity.js";

interface HistogramParams {
  readonly durationsMs: readonly number[];
  readonly p50Ms: number;
  readonly p95Ms: number;
}

/** Bars for what took no longer than one and a half times what 95 % took; the rest is one bar at the end. */
const SHOWN_BEYOND_P95 = 1.5;
const MOST_BARS = 30;
const TICKS = 4;

/** The drawing's measures in pixels; across, it is as wide as there is room, so that its letters keep their size. */
const TOP = 40;
const BOTTOM = 160;
const HEIGHT = 190;

/** How long schemas took, as bars of equal width, with the median and the 95th percentile marked. */
export function histogram({ durationsMs, p50Ms, p95Ms }: HistogramParams): Markup {
  const longest = durationsMs.reduce((most, milliseconds) => Math.max(most, milliseconds), 0);
  const step = roundStep(Math.min(longest, p95Ms * SHOWN_BEYOND_P95) / (MOST_BARS - 1));
  const regular = Math.floor(Math.min(longest, p95Ms * SHOWN_BEYOND_P95) / step) + 1;
  const counts = Array.from({ length: regular }, () => 0);
  let longer = 0;
  for (const milliseconds of durationsMs) {
    const index = Math.floor(milliseconds / step);
    if (index < regular) counts[index] = (counts[index] ?? 0) + 1;
    else longer += 1;
  }
  const bars = longer === 0 ? counts : [...counts, longer];
  const highest = Math.max(...bars);
  const width = 100 / bars.length;
  const at = (milliseconds: number): number => Math.min((milliseconds / step) * width, 100);
  const label =
    `How long ${counted(durationsMs.length, "schema")} took: half of them up to ${duration(p50Ms)}, 95 % up to ` +
    `${duration(p95Ms)}, the longest ${duration(longest)}.`;
  const drawnBars = bars.map((count, index) =>
    bar({ left: index * width, width, share: count / highest, isLonger: index === regular }),
  );
  return markup`<svg class="histogram" width="100%" height="${HEIGHT}" role="img" aria-label="${label}">
${drawnBars}
<line class="axis" x1="0" x2="100%" y1="${BOTTOM}" y2="${BOTTOM}"/>
${ticks({ step, regular, width })}
${mark(at(p50Ms), `half: ${duration(p50Ms)}`, 14)}
${mark(at(p95Ms), `95 %: ${duration(p95Ms)}`, 32)}
</svg>
<p class="soft">Each bar is ${duration(step)} wide, the tallest ${counted(highest, "schema")} high.${
    longer === 0
      ? []
      : ` The last bar, dashed, is ${counted(longer, "schema")} that took longer, up to ${duration(longest)}.`
  }</p>`;
}

interface BarParams {
  readonly left: number;
  readonly width: number;
  readonly share: number;
  readonly isLonger: boolean;
}

function bar({ left, width, share, isLonger }: BarParams): Markup | [] {
  if (share === 0) return [];
  // A single schema beside thousands is still to be seen.
  const height = Math.max(2, share * (BOTTOM - TOP));
  return markup`<rect class="${isLonger ? "longer" : "bar"}" x="${percent(left + width * 0.06)}" width="${percent(width * 0.88)}" y="${(BOTTOM - height).toFixed(1)}" height="${height.toFixed(1)}"/>\n`;
}

interface TicksParams {
  readonly step: number;
  readonly regular: number;
  readonly width: number;
}

function ticks({ step, regular, width }: TicksParams): readonly Markup[] {
  const every = roundStep(regular / TICKS);
  return Array.from({ length: Math.floor(regular / every) + 1 }, (_, index) => {
    const left = index * every * width;
    return markup`<text class="tick ${anchorAt(left)}" x="${percent(left)}" y="${BOTTOM + 18}">${duration(index * every * step)}</text>\n`;
  });
}

function mark(left: number, words: string, y: number): Markup {
  const anchor = left > 60 ? "end" : "start";
  return markup`<line class="mark" x1="${percent(left)}" x2="${percent(left)}" y1="${y - 10}" y2="${BOTTOM}"/>
<text class="marked ${anchor}" x="${percent(left)}" y="${y}" dx="${anchor === "end" ? -6 : 6}">${words}</text>`;
}

function anchorAt(left: number): "start" | "middle" | "end" {
  if (left < 4) return "start";
  return left > 96 ? "end" : "middle";
}

/** The next larger of 1, 2, 5, 10, 20, 50, … */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(least, 1)));
  return [1, 2, 5].map((factor) => factor * power).find((step) => step >= least) ?? 10 * power;
}

function percent(value: number): string {
  return `${value.toFixed(2)}%`;
}
