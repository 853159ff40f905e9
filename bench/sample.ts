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

/** Of an even number of values what lies between the two in the middle: the lower one would flatter. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.slice(Math.ceil(sorted.length / 2) - 1, Math.floor(sorted.length / 2) + 1);
  return middle.reduce((sum, value) => sum + value, 0) / middle.length;
}

/** The nearest-rank quantile: a value that was measured, never one between two. */
export function quantile(values: readonly number[], fraction: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(fraction * sorted.length) - 1)] ?? Number.NaN;
}
