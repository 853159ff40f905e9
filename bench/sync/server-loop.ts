import pg from "pg";
import { migrations } from "../../migrations/index.js";
import { createLedger, recordMigration } from "../../src/tenancy/ledger.js";
import type { Fleet } from "./tenant-fleet.js";

const PLACEHOLDER = "schema_placeholder";

/** No network at all: one procedure call that runs the script in every tenant and commits after each. */
export async function runServerLoop(fleet: Fleet, pending: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: fleet.url });
  await client.connect();
  try {
    const scripts = pending.map(
      (name) => `${migrations[name]?.script.up(PLACEHOLDER) ?? ""}\n;${recordMigration(PLACEHOLDER, name)}`,
    );
    await client.query(`
      create or replace procedure public.migrate_all(script text, schemas text[]) language plpgsql as $procedure$
      declare
        tenant text;
      begin
        foreach tenant in array schemas loop
          execute replace(script, '${PLACEHOLDER}', tenant);
          commit;
        end loop;
      end $procedure$`);
    const script = [isFirst(pending) ? createLedger(PLACEHOLDER) : "", ...scripts].join("\n");
    await client.query("call public.migrate_all($1, $2)", [script, fleet.schemas]);
  } finally {
    await client.end();
  }
}

function isFirst(pending: readonly string[]): boolean {
  return pending[0] === Object.keys(migrations)[0];
}
