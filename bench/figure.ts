/** A figure with three significant digits, as a person writes it; a dash for what was not measured. */
export function figure(value: number): string {
  if (Number.isNaN(value)) return "–";
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString("en-US");
  return value.toPrecision(3);
}

/** A ratio with what it came to in the lowest and the highest round, where there was more than one. */
export function ratioFigure(ratio: number, low: number, high: number, rounds: number): string {
  if (Number.isNaN(ratio)) return "–";
  const spread = rounds < 2 || Number.isNaN(low) ? "" : ` (${low.toFixed(2)}–${high.toFixed(2)})`;
  return `${ratio.toFixed(2)}${spread}`;
}

/** Bytes in the unit that a person would choose. */
export function byteFigure(bytes: number): string {
  if (Number.isNaN(bytes)) return "–";
  if (bytes < 1_000) return `${Math.round(bytes)} B`;
  if (bytes < 1_000_000) return `${figure(bytes / 1_000)} kB`;
  return `${figure(bytes / 1_000_000)} MB`;
}
