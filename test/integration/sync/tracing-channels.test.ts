import { tracingChannel } from "node:diagnostics_channel";
import { describe, expect } from "vitest";
import { plainSqlMigration } from "../../../migrations/index.js";
import {
  RUN_CHANNEL,
  type RunTrace,
  syncReportSchema,
  syncTenantSchemas,
  TENANT_CHANNEL,
  type TenantTrace,
} from "../../../src/index.js";
import { databaseTest as test } from "../../database/fixtures.js";
import { createSchemas, fleet } from "./fleet.js";

/** Everything that a tracing tool hears of one channel, by the name of the moment. */
function listen(name: string): { readonly heard: [string, Partial<RunTrace & TenantTrace>][]; stop(): void } {
  const heard: [string, object][] = [];
  const channel = tracingChannel<unknown, object>(name);
  const note =
    (moment: string) =>
    (message: object): void =>
      void heard.push([moment, { ...message }]);
  const subscribers = {
    start: note("start"),
    end: () => {},
    asyncStart: () => {},
    asyncEnd: note("asyncEnd"),
    error: note("error"),
  };
  channel.subscribe(subscribers);
  return { heard, stop: () => channel.unsubscribe(subscribers) };
}

/** Fails in user_2 for good, and in user_3 the first time, with an error that passes. */
const troubled = {
  "0001_troubled": plainSqlMigration({
    up: (schema) => {
      if (schema === "user_2") return "select 1 / 0;";
      if (schema !== "user_3") return "select 1;";
      return `do 'begin if nextval(''public.attempts'') = 1 then raise sqlstate ''40P01''; end if; end';`;
    },
  }),
};

describe("the tracing channels", () => {
  test("span the run and each attempt at each schema, and say what came of it", async ({ db, pool }) => {
    await createSchemas(db, ["user_1", "user_2", "user_3"]);
    await pool.query("create sequence public.attempts");
    const runs = listen(RUN_CHANNEL);
    const attempts = listen(TENANT_CHANNEL);
    try {
      const report = await syncTenantSchemas(db, { ...fleet(troubled), concurrency: 1, throwOnFailure: false });
      expect(runs.heard).toEqual([
        ["start", { databases: ["default"] }],
        ["asyncEnd", { databases: ["default"], result: report }],
      ]);
      expect(syncReportSchema.parse(runs.heard[1]?.[1].result)).toEqual(report);
    } finally {
      runs.stop();
      attempts.stop();
    }
    const ends = attempts.heard.filter(([moment]) => moment === "asyncEnd").map(([, trace]) => trace);
    expect(attempts.heard.filter(([moment]) => moment === "start")).toHaveLength(4);
    expect(ends).toEqual([
      {
        database: "default",
        schema: "user_1",
        attempt: 1,
        result: { report: expect.objectContaining({ outcome: "migrated" }) },
      },
      {
        database: "default",
        schema: "user_2",
        attempt: 1,
        result: { error: expect.objectContaining({ sqlState: "22012" }) },
      },
      {
        database: "default",
        schema: "user_3",
        attempt: 1,
        result: { error: expect.objectContaining({ sqlState: "40P01" }) },
      },
      {
        database: "default",
        schema: "user_3",
        attempt: 2,
        result: { report: expect.objectContaining({ outcome: "migrated" }) },
      },
    ]);
  });
});
