import { setTimeout as wait } from "node:timers/promises";
import { sql } from "kysely";
import { expect } from "vitest";
import { syncTenantSchemas } from "../../../../src/index.js";
import { hostKysely } from "../../sync/fleet.js";
import type { FaultKind } from "../fault-kind.js";
import { strikeWhile } from "../strike-while.js";

/** Not without end: a run whose every session is ended at once has no way to finish. */
const ENDED_PER_SCENE = 6;

export const endedSessions: FaultKind = {
  name: "sessions terminated",
  few: 6,
  async strike({ url, db, options, random }) {
    const victim = hostKysely({ connectionString: url, application_name: "victim" });
    const endOne = async (): Promise<number> => {
      await wait(random() * 60);
      const { rows } = await sql<{ ended: boolean }>`
        select pg_terminate_backend(pid) as ended from pg_stat_activity
        where application_name = 'victim' and datname = current_database() and state = 'active'
        order by pid limit 1`.execute(db);
      return rows.length;
    };
    try {
      const run = syncTenantSchemas(victim, { ...options, maxAttempts: 50, throwOnFailure: false });
      const { result: report, struck } = await strikeWhile(run, endOne, ENDED_PER_SCENE);
      expect(report.status, "whoever loses a session goes on with another").toBe("ok");
      return struck;
    } finally {
      await victim.destroy();
    }
  },
};
