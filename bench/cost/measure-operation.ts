/**
 * A process that does one operation and tells its parent what that cost: only a process of its own has a peak of
 * memory that nothing else made.
 */
import { Kysely, PostgresDialect } from "kysely";
import { forTenant } from "marketplace-jobs";
import { StatementCounter } from "../../test/database/statement-counter.js";
import type { Cost } from "../cost-table.js";
import { failureText } from "../failure-text.js";
import { quietPool } from "../quiet-pool.js";
import { sampleOf } from "../sample.js";
import { walPosition } from "../wal-position.js";
import type { Operation } from "./operation.js";
import { operations } from "./operations.js";

/** Workers and a connection to look with, as a host that syncs has. */
const CONNECTIONS = 6;

export interface MeasureOperationParams {
  readonly operation: string;
  readonly url: string;
  readonly count: number;
}

process.once("message", (params: MeasureOperationParams) => {
  measure(params)
    .catch((error: unknown) => ({ failure: failureText(error) }))
    .then((told) => process.send?.(told, () => process.disconnect()))
    .catch(() => process.exit(1));
});

async function measure({ operation: name, url, count }: MeasureOperationParams): Promise<Cost> {
  const operation = operations.find((known) => known.name === name);
  if (operation === undefined) throw new Error(`no operation ${name}`);
  const statements = new StatementCounter({ remembersTexts: false });
  const pool = quietPool(url, CONNECTIONS);
  pool.on("connect", (client) => statements.watch(client));
  const observer = quietPool(url, 1);
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  try {
    const context = { db, pool, repositories: forTenant(db, "user_1"), count };
    await operation.prepare?.(context);
    await pool.query("select 1");
    const peakBefore = peakMemory();
    const walBefore = await walPosition(observer);
    statements.reset();
    const { cpuMs } = await sampleOf(() => operation.work(context));
    const walBytes = (await walPosition(observer)) - walBefore;
    const { name: operationName, unit }: Operation = operation;
    return {
      name: operationName,
      unit,
      count,
      statements: statements.statements / count,
      roundTrips: statements.roundTrips / count,
      walBytes: walBytes / count,
      cpuMs: cpuMs / count,
      peakBytes: peakMemory(),
      grownBytes: peakMemory() - peakBefore,
    };
  } finally {
    await db.destroy();
    await observer.end();
  }
}

function peakMemory(): number {
  return process.resourceUsage().maxRSS * 1_024;
}
