import { ratioFigure } from "../figure.js";
import type { ResultTable } from "../result-table.js";
import { comparedRows, type ComparedRow, type ComparedTable, isCompared, ownRows } from "./table-rows.js";

const inNumericOrder = new Intl.Collator("en-US", { numeric: true });

const ASKING_AHEAD = "together and asking ahead";

/** What the library sets itself, and whether the figures say so. */
export interface GoalCheck {
  readonly goal: string;
  readonly measured: string;
  readonly verdict: "met" | "not met" | "not measured";
}

export function goalChecks(tables: readonly ResultTable[]): GoalCheck[] {
  const compared = tables.filter(isCompared);
  const named = (pattern: RegExp): ComparedTable[] => namedLike(compared, pattern);
  const ofBatch = named(/^getJobsByBatchId, 200 jobs$/);
  return [
    withinOf(
      "`getJobsByBatchId` with 200 jobs: at most 1.10 × the same SQL over the bare driver, at p50",
      1.1,
      ofBatch,
    ),
    aheadOf("`getJobsByBatchId` with 200 jobs: ahead of Drizzle, Knex and TypeORM, at p50", ofBatch, (_, { name }) =>
      /^(Drizzle|Knex|TypeORM)/.test(name),
    ),
    withinOf("`createBatch` of 10,000 jobs: at most 1.3 × the bare insert", 1.3, named(/^createBatch, 10,000 jobs$/)),
    ...[...waysToWork.values()]
      .toReversed()
      .flatMap((way) => ["pg-boss", "graphile-worker"].flatMap((peer) => workGoals(way, peer, compared))),
    withinOf(
      "Applying migrations: at most 1.15 × the bare protocol at the same concurrency",
      1.15,
      named(/^sync, \d+ pending$/).toSorted(byTitle),
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

/**
 * Beside a peer whose host keeps the same rows in the same tables, beside one whose host keeps as little as a batch takes,
 * and beside one that leaves all of it to its host.
 */
function workGoals(way: string, peer: string, tables: readonly ComparedTable[]): GoalCheck[] {
  const tablesOfWork = namedLike(
    tables,
    way === ASKING_AHEAD ? /^claim and complete, asking ahead, \w+ at a time$/ : /^claim and complete, \w+ at a time$/,
  );
  const isMeant = (row: ComparedRow): boolean => wayToWork(row) === way;
  const isPeer = ({ name }: ComparedRow): boolean => name.startsWith(peer);
  const work = `Claiming and completing, ${way}, with the counters of the batches kept`;
  return [
    aheadOf(
      `${work}: ahead of ${peer} on the same tables`,
      tablesOfWork,
      (own, other) => isPeer(other) && isOnSameTables(other) && batchesOf(other) === batchesOf(own),
      isMeant,
    ),
    aheadOf(
      `${work}: ahead of ${peer} with batches`,
      tablesOfWork,
      (own, other) => isPeer(other) && !isOnSameTables(other) && batchesOf(other) === batchesOf(own),
      isMeant,
    ),
    aheadOf(
      `${work}: ahead of ${peer} alone`,
      tablesOfWork,
      (_, other) => isPeer(other) && batchesOf(other) === undefined,
      isMeant,
    ),
  ];
}

function isOnSameTables({ name }: ComparedRow): boolean {
  return name.includes("on the same tables");
}

function batchesOf({ name }: ComparedRow): string | undefined {
  return /(?:batches of \d+|one batch)$/.exec(name)?.[0];
}

function namedLike(tables: readonly ComparedTable[], pattern: RegExp): ComparedTable[] {
  return tables.filter(({ name }) => pattern.test(name));
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

/** Every row of the library's own that is meant is quicker than all rows of the same table that it is compared with. */
function aheadOf(
  goal: string,
  tables: readonly ComparedTable[],
  isRival: (own: ComparedRow, other: ComparedRow) => boolean,
  isMeant: (row: ComparedRow) => boolean = () => true,
): GoalCheck {
  const duels = tables.map((table) => ({
    table,
    timesAsQuick: ownRows(table)
      .filter(isMeant)
      .flatMap((own) =>
        comparedRows(table)
          .filter((other) => isRival(own, other))
          .map((other) => other.ratio / own.ratio),
      ),
  }));
  return {
    goal,
    measured: duels
      .filter(({ timesAsQuick }) => timesAsQuick.length > 0)
      .map(({ table, timesAsQuick }) => `${shortTitle(table, tables)}${timesAsQuickText(timesAsQuick)}`)
      .join("<br>"),
    verdict: verdictOf(
      duels.flatMap(({ timesAsQuick }) => timesAsQuick.map((times) => (Number.isNaN(times) ? undefined : times > 1))),
    ),
  };
}

function timesAsQuickText(times: readonly number[]): string {
  const known = times.filter((one) => !Number.isNaN(one));
  const failed = known.length < times.length ? ["one failed"] : [];
  if (known.length === 0) return failed.join("");
  const [lowest, highest] = [Math.min(...known).toFixed(2), Math.max(...known).toFixed(2)];
  return [`${lowest === highest ? lowest : `${lowest}–${highest}`} × as quick`, ...failed].join(", ");
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
  const topics = new Set([...names].map((one) => one.split(", ")[0]));
  const shortName = topics.size === 1 ? name.split(", ").slice(1).join(", ") : name;
  return `${names.size === 1 ? "" : `${shortName}, `}${setting}: `;
}

/** The few tenants before the many, whichever were measured first. */
function byTitle(one: ComparedTable, other: ComparedTable): number {
  return inNumericOrder.compare(`${one.name}, ${one.setting}`, `${other.name}, ${other.setting}`);
}
