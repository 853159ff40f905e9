import { sql } from "kysely";
import { expect } from "vitest";
import { syncTenantSchemas } from "../../../../src/index.js";
import { hostKysely } from "../../sync/fleet.js";
import { type FaultKind, pick } from "../fault-kind.js";

/**
 * One tenant gets no space any more from some statement on: what a full disk raises, raised by an event trigger, which
 * works on any server. `full-disk.test.ts` has the disk.
 */
export const refusedSpace: FaultKind = {
  name: "tenants without disk space (53100)",
  few: 2,
  async strike({ url, db, schemas, options, random }) {
    const victim = pick(random, schemas);
    const from = 1 + Math.floor(random() * 25);
    await sql
      .raw(`create sequence public.commands;
        create function public.refuse_space() returns event_trigger language plpgsql as $body$
        begin
          -- A sequence does not go back with its transaction: once full, the disk stays full.
          if exists (select from pg_event_trigger_ddl_commands() where schema_name = '${victim}')
            and nextval('public.commands') >= ${from} then
            raise sqlstate '53100' using message = 'could not extend file "base/5/16384": No space left on device';
          end if;
        end $body$;
        create event trigger refuse_space on ddl_command_end execute function public.refuse_space();`)
      .execute(db);
    const host = hostKysely({ connectionString: url });
    try {
      const report = await syncTenantSchemas(host, { ...options, throwOnFailure: false });
      const failures = report.tenants.filter(({ outcome }) => outcome === "failed");
      for (const { schema, error } of failures) expect([schema, error?.sqlState]).toEqual([victim, "53100"]);
      expect(report.summary.skipped, "the others go on").toBe(0);
      return failures.length;
    } finally {
      await host.destroy();
      await sql
        .raw(`drop event trigger refuse_space; drop function public.refuse_space(); drop sequence public.commands;`)
        .execute(db);
    }
  },
};
