import { BACK_OFF_BASE_MS, BACK_OFF_LIMIT_MS } from "./sync-defaults.js";

/** Full jitter: any time up to a bound that doubles, so that tenants put back together do not come back together. */
export function backOffMs(attempt: number, random: () => number = Math.random): number {
  return Math.round(random() * Math.min(BACK_OFF_LIMIT_MS, BACK_OFF_BASE_MS * 2 ** (attempt - 1)));
}

/** Waits, but not longer than until the signal aborts. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted || ms <= 0) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done, { once: true });
  });
}
