const NUMBER = /* @__PURE__ */ new Intl.NumberFormat("en-US");

/** "2,000" */
export function grouped(count: number): string {
  return NUMBER.format(count);
}

/** "1 schema", "2,000 schemas" */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${grouped(count)} ${count === 1 ? noun : plural}`;
}

/** "1 lacks migrations", "2,000 lack migrations" */
export function lackingMigrations(count: number): string {
  return `${grouped(count)} ${count === 1 ? "lacks" : "lack"} migrations`;
}

/** "340 ms", "14.2 s", "3 min 12 s" */
export function duration(milliseconds: number): string {
  if (milliseconds < 1_000) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1_000;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3_600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3_600)} h ${Math.floor((whole % 3_600) / 60)} min`;
}
