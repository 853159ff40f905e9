import { isOwnRow } from "../own-row.js";
import { round, SERIES_COLOURS, svgPage, svgText } from "./svg-page.js";

/** How long one contender takes for a tenant, by how many tenants there are. */
export interface GrowthSeries {
  readonly name: string;
  readonly points: readonly { readonly tenants: number; readonly msPerTenant: number }[];
}

const WIDTH = 860;
const PLOT = { left: 64, right: 24, top: 44, height: 300 } as const;
const LEGEND_LINE = 20;

/** Both scales are logarithmic: a level line is a cost that does not grow with the number of tenants. */
export function growthChart(title: string, series: readonly GrowthSeries[]): string {
  const points = series.flatMap((one) => one.points);
  const tenants = [...new Set(points.map((point) => point.tenants))].toSorted((one, other) => one - other);
  const times = points.map(({ msPerTenant }) => msPerTenant);
  const yTicks = ticks(Math.min(...times), Math.max(...times));
  const x = scale([tenants[0] ?? 1, tenants.at(-1) ?? 1], [PLOT.left + 24, WIDTH - PLOT.right - 24]);
  const bottom = PLOT.top + PLOT.height;
  const y = scale([yTicks[0] ?? 1, yTicks.at(-1) ?? 1], [bottom, PLOT.top]);
  const own = series.filter(({ name }) => isOwnRow(name));
  const inOrder = [...own, ...series.filter(({ name }) => !isOwnRow(name))];
  const colour = (index: number): number =>
    index < own.length ? 0 : 1 + ((index - own.length) % (SERIES_COLOURS - 1));
  const content = [
    svgText({ x: 16, y: 26, text: title, style: "title" }),
    ...yTicks.flatMap((tick) => [
      `<path class="grid" d="M${PLOT.left} ${round(y(tick))}H${WIDTH - PLOT.right}"/>`,
      svgText({
        x: PLOT.left - 8,
        y: y(tick) + 4,
        text: tick.toLocaleString("en-US"),
        style: "small muted",
        anchor: "end",
      }),
    ]),
    ...tenants.map((count) =>
      svgText({
        x: x(count),
        y: bottom + 20,
        text: count.toLocaleString("en-US"),
        style: "small muted",
        anchor: "middle",
      }),
    ),
    svgText({ x: WIDTH - PLOT.right, y: bottom + 38, text: "tenants", style: "small muted", anchor: "end" }),
    svgText({
      x: WIDTH - PLOT.right,
      y: 26,
      text: "ms a tenant, lower is quicker",
      style: "small muted",
      anchor: "end",
    }),
    // The library's own line last, above the others.
    ...inOrder.map((one, index) => line(one, colour(index), x, y)).toReversed(),
    ...inOrder.map((one, index) => legend(one.name, colour(index), bottom + 44 + index * LEGEND_LINE)),
  ];
  return svgPage(WIDTH, bottom + 56 + inOrder.length * LEGEND_LINE, title, content);
}

type Scale = (value: number) => number;

function scale([from, to]: readonly [number, number], [start, end]: readonly [number, number]): Scale {
  const span = Math.log(to / from);
  return (value) => (span === 0 ? (start + end) / 2 : start + ((end - start) * Math.log(value / from)) / span);
}

/** 1, 2, 5 and their tens, the first at or below the lowest value and the last at or above the highest. */
function ticks(lowest: number, highest: number): number[] {
  const all: number[] = [];
  for (let exponent = -4; exponent <= 6; exponent += 1) {
    for (const step of [1, 2, 5]) all.push(Number(`${step}e${exponent}`));
  }
  const first = all.findLastIndex((tick) => tick <= lowest);
  const last = all.findIndex((tick) => tick >= highest);
  return all.slice(Math.max(first, 0), last + 1);
}

function line({ name, points }: GrowthSeries, colour: number, x: Scale, y: Scale): string {
  const at = points.map(({ tenants, msPerTenant }) => `${round(x(tenants))} ${round(y(msPerTenant))}`);
  const dots = points.map(
    ({ tenants, msPerTenant }) =>
      `<circle class="fill${colour}" cx="${round(x(tenants))}" cy="${round(y(msPerTenant))}" r="${isOwnRow(name) ? 4.5 : 3.5}"/>`,
  );
  return [`<path class="line line${colour}${isOwnRow(name) ? " strong" : ""}" d="M${at.join("L")}"/>`, ...dots].join(
    "\n",
  );
}

function legend(name: string, colour: number, y: number): string {
  return [
    `<path class="line line${colour}${isOwnRow(name) ? " strong" : ""}" d="M${PLOT.left} ${y + 12}h28"/>`,
    `<circle class="fill${colour}" cx="${PLOT.left + 14}" cy="${y + 12}" r="3.5"/>`,
    svgText({ x: PLOT.left + 38, y: y + 16, text: name, ...(isOwnRow(name) ? { style: "own" } : {}) }),
  ].join("\n");
}
