import { ratioFigure } from "../figure.js";
import type { ResultTable } from "../result-table.js";
import { comparedRows, type ComparedRow, type ComparedTable, isCompared, ownRows } from "./table-rows.js";

const ASKING_AHEAD = "together and asking ahead";

/** What the library sets itself, and whether the figures say so. */
export interface GoalCheck {
  readonly goal: string;
  readonly measured: string;
  readonly verdict: "met" | "not met" | "not measured";
}

export function goalChecks(tables: readonly ResultTable[]): GoalCheck[] {
  const compared = tables.filter(isCompared);
  const named = (pattern: RegExp): ComparedTable[] => compared.filter(({ name }) => pattern.test(name));
  const ofBatch = named(/^getJobsByBatchId, 200 jobs$/);
  return [
    withinOf(
      "`getJobsByBatchId` with 200 jobs: at most 1.10 × the same SQL over the bare driver, at p50",
      1.1,
      ofBatch,
    ),
    aheadOf(
      "`getJobsByBatchId` with 200 jobs: ahead of Drizzle, Knex and TypeORM, at p50",
      ofBatch,
      /^(Drizzle|Knex|TypeORM)/,
    ),
    withinOf("`createBatch` of 10,000 jobs: at most 1.3 × the bare insert", 1.3, named(/^createBatch, 10,000 jobs$/)),
    ...[...waysToWork.values()].toReversed().flatMap((way) =>
      ["pg-boss", "graphile-worker"].map((peer) =>
        aheadOf(
          `Claiming and completing, ${way}: ahead of ${peer} in jobs a second, with the counters of the batches kept`,
          named(/^claim and complete, \w+ at a time$/),
          // A peer that takes more beforehand than its workers have in hand is for those who do so, too.
          new RegExp(way === ASKING_AHEAD ? `^${peer}` : `^${peer}(?!.*ahead)`),
          (row) => wayToWork(row) === way,
        ),
      ),
    ),
    withinOf(
      "Applying migrations: at most 1.15 × the bare protocol at the same concurrency",
      1.15,
      named(/^sync, \d+ pending$/),
    ),
    withinOf(
      "A sync of 10,000 tenants that finds nothing to do: at most 1.5 × the bare reading of their ledgers",
      1.5,
      named(/^sync, nothing pending$/).filter((table) => "unit" in table && table.unit.count === 10_000),
    ),
  ];
}

/** How a row's workers work, by the first of these words in its name. */
const waysToWork: ReadonlyMap<string, string> = new Map([
  ["ahead", ASKING_AHEAD],
  ["coalesceJobCalls", "the calls of all workers together"],
  ["", "each call by itself"],
]);

function wayToWork({ name }: ComparedRow): string | undefined {
  return [...waysToWork].find(([word]) => name.includes(word))?.[1];
}

/** Every row of the library's own takes at most so many times as long as the first row of its table. */
function withinOf(goal: string, limit: number, tables: readonly ComparedTable[]): GoalCheck {
  const rows = tables.flatMap((table) => ownRows(table).map((row) => ({ table, row })));
  return {
    goal,
    measured: rows
      .map(
        ({ table, row }) =>
          `${shortTitle(table, tables)}${ratioFigure(row.ratio, row.ratioLow, row.ratioHigh, row.rounds)}`,
      )
      .join("<br>"),
    verdict: verdictOf(rows.map(({ row }) => (hasFigure(row) ? row.ratio <= limit : undefined))),
  };
}

/** Every row of the library's own that is meant is quicker than all rows of the peers in the same table. */
function aheadOf(
  goal: string,
  tables: readonly ComparedTable[],
  peers: RegExp,
  isMeant: (row: ComparedRow) => boolean = () => true,
): GoalCheck {
  const duels = tables.map((table) => {
    const others = comparedRows(table).filter(({ name }) => peers.test(name));
    return { table, own: ownRows(table).filter(isMeant), others };
  });
  return {
    goal,
    measured: duels
      .map(
        ({ table, own, others }) =>
          `${shortTitle(table, tables)}${[...own, ...others].map((row) => `${row.name.replace(/^claimJobs and \w+, /, "here, ")}: ${row.failure === undefined ? row.headline : "failed"}`).join("; ")}`,
      )
      .join("<br>"),
    verdict: verdictOf(
      duels.flatMap(({ own, others }) =>
        own.flatMap((row) =>
          others.map((other) => (hasFigure(row) && hasFigure(other) ? row.ratio < other.ratio : undefined)),
        ),
      ),
    ),
  };
}

function hasFigure({ ratio }: ComparedRow): boolean {
  return !Number.isNaN(ratio);
}

/** One that does not hold is enough to miss the goal; one without figures, to leave it open. */
function verdictOf(checks: readonly (boolean | undefined)[]): GoalCheck["verdict"] {
  if (checks.includes(false)) return "not met";
  return checks.length === 0 || checks.includes(undefined) ? "not measured" : "met";
}

/** What sets a table apart from the others that a goal is about. */
function shortTitle({ name, setting }: ComparedTable, tables: readonly ComparedTable[]): string {
  if (tables.length === 1) return "";
  const names = new Set(tables.map((table) => table.name));
  return `${names.size === 1 ? "" : `${name}, `}${setting}: `;
}
