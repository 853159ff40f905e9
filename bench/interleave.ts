import { median, type Sample, sampleOf } from "./sample.js";

/** One way of doing the work that is measured. */
export interface Contender {
  readonly name: string;
  /** Not measured: brings about the state that `run` starts from. */
  readonly prepare?: () => Promise<void>;
  readonly run: () => Promise<void>;
  /** Not measured: takes away what `prepare` made, after looking whether the work was really done. */
  readonly finish?: () => Promise<void>;
}

/** What a contender took beside the first one of its table. */
export interface Comparison {
  readonly name: string;
  readonly ms: number;
  readonly cpuMs: number;
  /** The median of the ratios within each round: a machine that slows down slows both. */
  readonly ratio: number;
  readonly ratioLow: number;
  readonly ratioHigh: number;
  readonly rounds: number;
}

/**
 * Runs all contenders in every round, each round beginning with another one, so that drift of the machine and the
 * order of the runs fall on all alike. The first contender is what the others are compared with.
 */
export async function interleave(contenders: readonly Contender[], rounds: number): Promise<Comparison[]> {
  const samples = new Map<string, Sample[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < contenders.length; turn += 1) {
      const contender = contenders[(round + turn) % contenders.length];
      if (contender === undefined) continue;
      await contender.prepare?.();
      samples.get(contender.name)?.push(await sampleOf(contender.run));
      await contender.finish?.();
    }
  }
  const baseline = samples.get(contenders[0]?.name ?? "") ?? [];
  return contenders.map(({ name }) => compare(name, samples.get(name) ?? [], baseline));
}

function compare(name: string, samples: readonly Sample[], baseline: readonly Sample[]): Comparison {
  const ratios = samples.map(({ ms }, round) => ms / (baseline[round]?.ms ?? Number.NaN));
  return {
    name,
    ms: median(samples.map(({ ms }) => ms)),
    cpuMs: median(samples.map(({ cpuMs }) => cpuMs)),
    ratio: median(ratios),
    ratioLow: Math.min(...ratios),
    ratioHigh: Math.max(...ratios),
    rounds: samples.length,
  };
}
