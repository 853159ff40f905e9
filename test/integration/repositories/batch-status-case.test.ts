import { sql } from "kysely";
import { expect } from "vitest";
import { batchJobStatuses } from "../../../src/entities/batch-job-status.js";
import { areAllJobsTerminal, batchStatus } from "../../../src/entities/batch-status-rule.js";
import { allJobsTerminal, batchStatusCase } from "../../../src/repositories/batch-status-case.js";
import { schemaTest } from "../../database/fixtures.js";
import { smallCounterTuples } from "../../small-counter-tuples.js";

schemaTest("the rule in SQL is the pure function, for every small tuple and every status before", async ({ db }) => {
  const cases = smallCounterTuples().flatMap((counters) =>
    batchJobStatuses.map((current) => ({
      counters,
      current,
      status: batchStatus(counters, current),
      isTerminal: areAllJobsTerminal(counters),
    })),
  );
  const given = JSON.stringify(cases.map(({ counters, current }) => ({ ...counters, current })));
  const counters = {
    total: sql`given."totalCount"`,
    completed: sql`given."completedCount"`,
    failed: sql`given."failedCount"`,
    cancelled: sql`given."cancelledCount"`,
  };
  const { rows } = await sql<{ status: string; is_terminal: boolean }>`
    select ${batchStatusCase(counters, sql`given.current`)} as status, ${allJobsTerminal(counters)} as is_terminal
    from rows from (json_to_recordset(${given}::text::json) as (
      "totalCount" integer, "completedCount" integer, "failedCount" integer, "cancelledCount" integer, current text
    )) with ordinality given ("totalCount", "completedCount", "failedCount", "cancelledCount", current, position)
    order by given.position`.execute(db);
  expect(cases).toHaveLength(6 ** 4 * batchJobStatuses.length);
  expect(rows).toEqual(cases.map(({ status, isTerminal }) => ({ status, is_terminal: isTerminal })));
});
