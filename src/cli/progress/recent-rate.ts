/** Old enough to be steady, young enough to follow a server that becomes slower. */
const WINDOW_MS = 10_000;

/** How many a second, over the last ten seconds. */
export class RecentRate {
  readonly #times: number[] = [];
  #startedAt: number | undefined;

  /** Work begins: what is counted from here on took its time. */
  start(now: number): void {
    this.#startedAt ??= now;
  }

  count(now: number): void {
    this.#times.push(now);
  }

  /** Undefined until there is something to go by. */
  perSecond(now: number): number | undefined {
    while ((this.#times[0] ?? now) < now - WINDOW_MS) this.#times.shift();
    if (this.#startedAt === undefined || this.#times.length === 0) return undefined;
    const windowMs = Math.min(WINDOW_MS, now - this.#startedAt);
    return windowMs <= 0 ? undefined : (this.#times.length * 1_000) / windowMs;
  }
}
