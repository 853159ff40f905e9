import { median, quantile } from "./sample.js";

/** One way of answering the same question, called again and again. */
export interface Reader {
  readonly name: string;
  readonly read: () => Promise<unknown>;
}

/** What a call took beside the first reader of the table: medians over the rounds, each round's ratio its own. */
export interface LatencyComparison {
  readonly name: string;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly perSecond: number;
  readonly ratio: number;
  readonly ratioLow: number;
  readonly ratioHigh: number;
}

export interface LatencyTable {
  readonly name: string;
  readonly setting: string;
  readonly latencies: readonly LatencyComparison[];
}

interface CompareLatenciesParams {
  readonly readers: readonly Reader[];
  readonly rounds: number;
  /** How long each reader's turn in a round lasts. */
  readonly sliceMs: number;
  readonly concurrency: number;
}

interface Slice {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly perSecond: number;
}

/** Short turns, each round beginning with another reader, so that a busy machine falls on all alike. */
export async function compareLatencies(params: CompareLatenciesParams): Promise<LatencyComparison[]> {
  const { readers, rounds } = params;
  const slices = new Map<string, Slice[]>(readers.map(({ name }) => [name, []]));
  for (const { read } of readers) for (let call = 0; call < 3; call += 1) await read();
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < readers.length; turn += 1) {
      const reader = readers[(round + turn) % readers.length];
      if (reader !== undefined) slices.get(reader.name)?.push(await takeSlice(reader, params));
    }
  }
  const baseline = slices.get(readers[0]?.name ?? "") ?? [];
  return readers.map(({ name }) => {
    const own = slices.get(name) ?? [];
    const ratios = own.map(({ p50Ms }, round) => p50Ms / (baseline[round]?.p50Ms ?? Number.NaN));
    return {
      name,
      p50Ms: median(own.map((slice) => slice.p50Ms)),
      p99Ms: median(own.map((slice) => slice.p99Ms)),
      perSecond: median(own.map((slice) => slice.perSecond)),
      ratio: median(ratios),
      ratioLow: Math.min(...ratios),
      ratioHigh: Math.max(...ratios),
    };
  });
}

async function takeSlice({ read }: Reader, { sliceMs, concurrency }: CompareLatenciesParams): Promise<Slice> {
  const taken: number[] = [];
  const startedAt = performance.now();
  const caller = async (): Promise<void> => {
    do {
      const calledAt = performance.now();
      await read();
      taken.push(performance.now() - calledAt);
    } while (performance.now() - startedAt < sliceMs);
  };
  await Promise.all(Array.from({ length: concurrency }, caller));
  const seconds = (performance.now() - startedAt) / 1_000;
  return { p50Ms: median(taken), p99Ms: quantile(taken, 0.99), perSecond: taken.length / seconds };
}

export function latenciesToMarkdown({ name, setting, latencies }: LatencyTable): string {
  return [
    `### ${name}: ${setting}`,
    "",
    "| | p50 ms | p99 ms | calls a second | ratio to the first at p50 (spread) |",
    "| --- | --: | --: | --: | --: |",
    ...latencies.map(
      (row) =>
        `| ${row.name} | ${row.p50Ms.toPrecision(3)} | ${row.p99Ms.toPrecision(3)} | ${Math.round(row.perSecond)} | ${row.ratio.toFixed(2)} (${row.ratioLow.toFixed(2)}–${row.ratioHigh.toFixed(2)}) |`,
    ),
    "",
  ].join("\n");
}
