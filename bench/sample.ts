/** What one run of one contender took. */
export interface Sample {
  readonly ms: number;
  /** Processor time of this Node process, user and system. */
  readonly cpuMs: number;
}

/**
 * Work that is measured. What a contender has to do before the work itself and cannot do earlier, it does before
 * calling `begin`, from which on it is measured.
 */
export type MeasuredWork = (begin: () => void) => Promise<void>;

/** Runs something once and takes its time. */
export async function sampleOf(run: MeasuredWork): Promise<Sample> {
  let cpu = process.cpuUsage();
  let startedAt = performance.now();
  await run(() => {
    cpu = process.cpuUsage();
    startedAt = performance.now();
  });
  const ms = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(cpu);
  return { ms, cpuMs: (user + system) / 1_000 };
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The nearest-rank quantile: a value that was measured, never one between two. */
export function quantile(values: readonly number[], fraction: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(fraction * sorted.length) - 1)] ?? Number.NaN;
}
