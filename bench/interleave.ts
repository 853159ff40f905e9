import type pg from "pg";
import { failureText } from "./failure-text.js";
import { type MeasuredWork, median, type Sample, sampleOf } from "./sample.js";
import { walPosition } from "./wal-position.js";

/** One way of doing the work that is measured. */
export interface Contender {
  readonly name: string;
  /** Not measured: brings about the state that `run` starts from. */
  readonly prepare?: () => Promise<void>;
  readonly run: MeasuredWork;
  /** Not measured: takes away what `prepare` made, after looking whether the work was really done. */
  readonly finish?: () => Promise<void>;
}

/** What a contender took beside the first one of its table; what was not measured is `NaN`. */
export interface Comparison {
  readonly name: string;
  readonly ms: number;
  readonly cpuMs: number;
  /** The median of the ratios within each round: a machine that slows down slows both. */
  readonly ratio: number;
  readonly ratioLow: number;
  readonly ratioHigh: number;
  readonly rounds: number;
  /** Bytes of write-ahead log. */
  readonly walBytes?: number;
  /** Why there are no figures. */
  readonly failure?: string;
}

export interface InterleaveOptions {
  /** Some connection to the server, when its write-ahead log is to be measured too. */
  readonly walOf?: pg.Pool;
}

interface Turn extends Sample {
  readonly walBytes?: number;
}

/**
 * Runs all contenders in every round, each round beginning with another one, so that drift of the machine and the
 * order of the runs fall on all alike. The first contender is what the others are compared with. One that fails has
 * no further turn, and the others go on.
 */
export async function interleave(
  contenders: readonly Contender[],
  rounds: number,
  options: InterleaveOptions = {},
): Promise<Comparison[]> {
  const turns = new Map<string, Turn[]>(contenders.map(({ name }) => [name, []]));
  const failures = new Map<string, string>();
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < contenders.length; turn += 1) {
      const contender = contenders[(round + turn) % contenders.length];
      if (contender === undefined || failures.has(contender.name)) continue;
      try {
        turns.get(contender.name)?.push(await takeTurn(contender, options));
      } catch (error) {
        failures.set(contender.name, failureText(error));
      }
    }
  }
  const baseline = turns.get(contenders[0]?.name ?? "") ?? [];
  return contenders.map(({ name }) => {
    const failure = failures.get(name);
    return failure === undefined
      ? compare(name, turns.get(name) ?? [], baseline)
      : { ...compare(name, [], []), failure };
  });
}

async function takeTurn({ prepare, run, finish }: Contender, { walOf }: InterleaveOptions): Promise<Turn> {
  let turn: Turn;
  try {
    await prepare?.();
    const walBefore = walOf && (await walPosition(walOf));
    turn = await sampleOf(run);
    if (walOf !== undefined && walBefore !== undefined) {
      turn = { ...turn, walBytes: (await walPosition(walOf)) - walBefore };
    }
  } catch (error) {
    // It was not done, so it will not be as it should; what was prepared is to be taken away all the same.
    await finish?.().catch(() => {});
    throw error;
  }
  await finish?.();
  return turn;
}

function compare(name: string, turns: readonly Turn[], baseline: readonly Turn[]): Comparison {
  const ratios = turns.map(({ ms }, round) => ms / (baseline[round]?.ms ?? Number.NaN));
  const walBytes = turns.flatMap((turn) => turn.walBytes ?? []);
  return {
    name,
    ms: median(turns.map(({ ms }) => ms)),
    cpuMs: median(turns.map(({ cpuMs }) => cpuMs)),
    ratio: median(ratios),
    ratioLow: ratios.length === 0 ? Number.NaN : Math.min(...ratios),
    ratioHigh: ratios.length === 0 ? Number.NaN : Math.max(...ratios),
    rounds: turns.length,
    ...(walBytes.length === 0 ? {} : { walBytes: median(walBytes) }),
  };
}
