/** The colours of the series, by day and by night; the first is the library's. */
const SERIES: readonly (readonly [day: string, night: string])[] = [
  ["#0b63ce", "#6cb0ff"],
  ["#5c6470", "#a9b2bf"],
  ["#b34700", "#ff9d57"],
  ["#00795a", "#45d3a8"],
  ["#7a3fb5", "#cba6ff"],
  ["#8a6d00", "#e5c84c"],
  ["#b3125f", "#ff86bd"],
];

export const SERIES_COLOURS = SERIES.length;

/** A picture with a ground of its own, so that it can be read on a light page and on a dark one. */
export function svgPage(width: number, height: number, title: string, content: readonly string[]): string {
  const series = (night: 0 | 1): string =>
    SERIES.map((colours, index) => `.fill${index}{fill:${colours[night]}}.line${index}{stroke:${colours[night]}}`).join(
      "",
    );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escapeXml(title)}</title>`,
    "<style>",
    "text{font:12px system-ui,-apple-system,'Segoe UI',Helvetica,Arial,sans-serif;fill:#1f2328}",
    ".title{font-size:15px;font-weight:600}.small{font-size:11px}.muted{fill:#59636e}.own{font-weight:600}",
    ".ground{fill:#fff}.grid{stroke:#d9dee3;fill:none}.line{fill:none;stroke-width:1.6}.strong{stroke-width:3}",
    series(0),
    "@media (prefers-color-scheme:dark){",
    "text{fill:#e6edf3}.muted{fill:#9aa4af}.ground{fill:#0d1117}.grid{stroke:#30363d}",
    series(1),
    "}",
    "</style>",
    `<rect class="ground" width="${width}" height="${height}"/>`,
    ...content,
    "</svg>",
    "",
  ].join("\n");
}

interface SvgTextParams {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly style?: string;
  readonly anchor?: "start" | "middle" | "end";
}

export function svgText({ x, y, text, style = "", anchor = "start" }: SvgTextParams): string {
  const styling = style === "" ? "" : ` class="${style}"`;
  const anchoring = anchor === "start" ? "" : ` text-anchor="${anchor}"`;
  return `<text x="${round(x)}" y="${round(y)}"${styling}${anchoring}>${escapeXml(text)}</text>`;
}

/** A tenth of a pixel is as exact as a picture needs to be. */
export function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
