import { figure, ratioFigure } from "./figure.js";
import { failureText } from "./failure-text.js";
import { markdownTable } from "./markdown-table.js";
import { rowTitle } from "./own-row.js";
import { median, quantile } from "./sample.js";

/** One way of answering the same question, called again and again. */
export interface Reader {
  readonly name: string;
  /** Not measured: before each of its turns. */
  readonly prepare?: () => Promise<void>;
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
  readonly rounds: number;
  /** Why there are no figures. */
  readonly failure?: string;
}

export interface LatencyTable {
  readonly name: string;
  readonly setting: string;
  readonly latencies: readonly LatencyComparison[];
}

export interface CompareLatenciesParams {
  readonly readers: readonly Reader[];
  readonly rounds: number;
  readonly concurrency: number;
  /** How long each reader's turn in a round lasts: a time, or a number of calls where each call uses something up. */
  readonly turn: { readonly ms: number } | { readonly calls: number };
}

/** A turn is cut into passes, so that whatever else the machine does within a round falls on all readers. */
const PASS_MS = 30;

interface Slice {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly perSecond: number;
}

/**
 * Short turns, each round beginning with another reader, so that a busy machine falls on all alike. A reader that
 * fails has no further turn, and the others go on.
 */
export async function compareLatencies(params: CompareLatenciesParams): Promise<LatencyComparison[]> {
  const { readers, rounds } = params;
  const slices = new Map<string, Slice[]>(readers.map(({ name }) => [name, []]));
  const failures = new Map<string, string>();
  const attempt = async (reader: Reader, work: () => Promise<void>): Promise<void> => {
    if (failures.has(reader.name)) return;
    try {
      await work();
    } catch (error) {
      failures.set(reader.name, failureText(error));
    }
  };
  const goesOn = (turn: Turn): boolean => !failures.has(turn.reader.name) && !isOver(turn, params);
  for (const reader of readers) {
    await attempt(reader, async () => {
      await reader.prepare?.();
      for (let call = 0; call < 3; call += 1) await reader.read();
    });
  }
  for (let round = 0; round < rounds; round += 1) {
    const turns = readers.map((_, turn) => newTurn(readers[(round + turn) % readers.length]!));
    for (let left = turns; left.length > 0; left = left.filter(goesOn)) {
      for (const turn of left) await attempt(turn.reader, () => takePass(turn, params));
    }
    for (const turn of turns) slices.get(turn.reader.name)?.push(sliceOf(turn));
  }
  const baseline = slices.get(readers[0]?.name ?? "") ?? [];
  return readers.map(({ name }) => {
    const failure = failures.get(name);
    return failure === undefined
      ? compare(name, slices.get(name) ?? [], baseline)
      : { ...compare(name, [], []), failure };
  });
}

/** What one reader has done of one round. */
interface Turn {
  readonly reader: Reader;
  readonly taken: number[];
  spentMs: number;
}

function newTurn(reader: Reader): Turn {
  return { reader, taken: [], spentMs: 0 };
}

function isOver({ taken, spentMs }: Turn, { turn }: CompareLatenciesParams): boolean {
  return "calls" in turn ? taken.length >= turn.calls : spentMs >= turn.ms;
}

async function takePass(own: Turn, { turn, concurrency }: CompareLatenciesParams): Promise<void> {
  const { reader, taken } = own;
  if (taken.length === 0) await reader.prepare?.();
  const startedAt = performance.now();
  let begun = 0;
  const goesOn = (): boolean => ("calls" in turn ? begun < turn.calls : performance.now() - startedAt < PASS_MS);
  const caller = async (): Promise<void> => {
    do {
      begun += 1;
      const calledAt = performance.now();
      await reader.read();
      taken.push(performance.now() - calledAt);
    } while (goesOn());
  };
  await Promise.all(Array.from({ length: concurrency }, caller));
  own.spentMs += performance.now() - startedAt;
}

function sliceOf({ taken, spentMs }: Turn): Slice {
  return { p50Ms: median(taken), p99Ms: quantile(taken, 0.99), perSecond: (1_000 * taken.length) / spentMs };
}

function compare(name: string, slices: readonly Slice[], baseline: readonly Slice[]): LatencyComparison {
  const ratios = slices.map(({ p50Ms }, round) => p50Ms / (baseline[round]?.p50Ms ?? Number.NaN));
  return {
    name,
    p50Ms: median(slices.map(({ p50Ms }) => p50Ms)),
    p99Ms: median(slices.map(({ p99Ms }) => p99Ms)),
    perSecond: median(slices.map(({ perSecond }) => perSecond)),
    ratio: median(ratios),
    ratioLow: ratios.length === 0 ? Number.NaN : Math.min(...ratios),
    ratioHigh: ratios.length === 0 ? Number.NaN : Math.max(...ratios),
    rounds: slices.length,
  };
}

export function latenciesToMarkdown({ name, setting, latencies }: LatencyTable): string {
  const head = ["", "p50 ms", "p99 ms", "calls a second", "p50 ÷ the first's (spread)", "rounds"];
  const rows = latencies.map((row) => {
    const title = rowTitle(row.name);
    if (row.failure !== undefined) return [title, `failed: ${row.failure}`, ...head.slice(2).map(() => "–")];
    return [
      title,
      figure(row.p50Ms),
      figure(row.p99Ms),
      figure(row.perSecond),
      ratioFigure(row.ratio, row.ratioLow, row.ratioHigh, row.rounds),
      String(row.rounds),
    ];
  });
  return [`### ${name}: ${setting}`, "", markdownTable(head, rows), ""].join("\n");
}
