import { setTimeout as wait } from "node:timers/promises";
import { sql } from "kysely";
import { expect } from "vitest";
import { type SyncReport, syncTenantSchemas } from "../../../../src/index.js";
import { hostKysely } from "../../sync/fleet.js";
import type { FaultKind } from "../fault-kind.js";
import { strikeWhile } from "../strike-while.js";

const CANCELLED_PER_SCENE = 4;

export const cancelledStatements: FaultKind = {
  name: "statements cancelled",
  few: 4,
  async strike({ url, db, options, random }) {
    const victim = hostKysely({ connectionString: url, application_name: "victim" });
    const cancelOne = async (): Promise<number> => {
      await wait(random() * 60);
      const { rows } = await sql<{ cancelled: boolean }>`
        select pg_cancel_backend(pid) as cancelled from pg_stat_activity
        where application_name = 'victim' and datname = current_database() and state = 'active'
        order by pid limit 1`.execute(db);
      return rows.length;
    };
    try {
      const run = syncTenantSchemas(victim, { ...options, throwOnFailure: false }).catch(
        (error: { code?: string }): SyncReport | undefined => {
          // The look at the tenants with which a run begins is nobody's migration.
          if (error.code !== "57014") throw error;
          return undefined;
        },
      );
      const { result: report, struck } = await strikeWhile(run, cancelOne, CANCELLED_PER_SCENE);
      const codes = report?.tenants.flatMap(({ error }) => error?.code ?? []) ?? [];
      expect(codes.filter((code) => code !== "STATEMENT_CANCELLED")).toEqual([]);
      return struck;
    } finally {
      await victim.destroy();
    }
  },
};
