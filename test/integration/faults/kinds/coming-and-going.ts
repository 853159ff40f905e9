import { setTimeout as wait } from "node:timers/promises";
import { sql } from "kysely";
import { expect } from "vitest";
import { createTenantSchema, syncTenantSchemas } from "../../../../src/index.js";
import { hostKysely, ledgerOf } from "../../sync/fleet.js";
import type { FaultKind } from "../fault-kind.js";
import { countedMigrations } from "../counted-migrations.js";

const CUSTOMERS = 6;

/** Customers who sign up while tenants are migrated, half of whom leave at once. */
export const comingAndGoing: FaultKind = {
  name: "tenants created or dropped meanwhile",
  few: 6,
  async strike({ url, db, options, random }) {
    const host = hostKysely({ connectionString: url });
    try {
      const come = async (): Promise<readonly string[]> => {
        const stayed: string[] = [];
        for (let customer = 0; customer < CUSTOMERS; customer += 1) {
          const schema = `user_9${customer}`;
          await wait(random() * 60);
          await createTenantSchema(db, schema, { migrations: countedMigrations });
          if (random() < 0.5) await sql`drop schema ${sql.id(schema)} cascade`.execute(db);
          else stayed.push(schema);
        }
        return stayed;
      };
      const [report, stayed] = await Promise.all([
        syncTenantSchemas(host, { ...options, throwOnFailure: false }),
        come(),
      ]);
      expect(report.tenants.filter(({ outcome }) => outcome === "failed")).toEqual([]);
      expect(report.status).toBe("ok");
      const last = await syncTenantSchemas(host, options);
      expect(last.summary.gone).toBe(0);
      for (const schema of stayed) {
        const names = Object.keys(countedMigrations);
        const to = typeof options.to === "string" ? options.to : names.at(-1);
        expect(await ledgerOf(db, schema)).toEqual(names.slice(0, names.indexOf(to ?? "") + 1));
        await sql`drop schema ${sql.id(schema)} cascade`.execute(db);
      }
      return CUSTOMERS;
    } finally {
      await host.destroy();
    }
  },
};
