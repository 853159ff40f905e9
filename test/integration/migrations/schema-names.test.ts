import { sql } from "kysely";
import { describe, expect } from "vitest";
import { databaseTest as test } from "../../database/fixtures.js";
import { loadLegacyShared, loadLegacyTemplate, loadLegacyTenant } from "../../legacy/legacy-system.js";
import { refusalOf } from "./refusal.js";
import { createSchema, migrateUp, runDown, runUp } from "./run-migrations.js";
import { structureOf } from "./structure-lines.js";
import { jobsByString, jobsCarrying } from "./tenant-rows.js";

const DROP = "0005_drop_marketplace_jobs_batch_id";

const HOSTILE_NAMES = [
  `it's "quoted"`,
  String.raw`back\slash\'`,
  "two  spaces ",
  "Großkunde №1 – 東京 🛒",
  "u".repeat(63),
  "ü".repeat(31),
  "$$ $body$",
  `'); drop schema public cascade; --`,
  "a USING b USING ",
  "50%I %s a%b %1$s %",
  "E'x'",
  "--comment",
  "/* comment",
  "__SCHEMA__",
  "new\nline",
];

describe("a schema may have any name", () => {
  test.for(HOSTILE_NAMES)("%j", async (name, { db }) => {
    await loadLegacyShared(db);
    await loadLegacyTemplate(db);
    await createSchema(db, "user_fresh");
    await migrateUp(db, "user_fresh");
    // The two variants with the most to adopt; renamed, because their script holds the name inside a quoted block.
    await loadLegacyTenant(db, "a", "user_10", 10, { data: true });
    await loadLegacyTenant(db, "c", "user_2", 2, { data: true });
    for (const schema of ["user_10", "user_2"]) {
      const strings = await jobsCarrying(db, schema);
      await sql`alter schema ${sql.id(schema)} rename to ${sql.id(name)}`.execute(db);
      await migrateUp(db, name);
      const found = await jobsByString(db, name);
      for (const [string, jobs] of strings) expect(found.get(string)).toEqual(jobs);
      expect((await structureOf(db, name)).own).toEqual((await structureOf(db, "user_fresh")).own);
      await runDown(db, name, DROP);
      await runUp(db, name, DROP);
      await sql`drop schema ${sql.id(name)} cascade`.execute(db);
    }
  });

  test.for(HOSTILE_NAMES.filter((name) => /[\\%$']/.test(name)))(
    "%j, also without standard_conforming_strings",
    async (name, { db }) => {
      await db.connection().execute(async (connection) => {
        await sql`set standard_conforming_strings = off`.execute(connection);
        await createSchema(connection, name);
        await migrateUp(connection, name);
        await runDown(connection, name, DROP);
        // Recognised by a regular expression, whose backslashes such a session would swallow in a plain constant.
        await sql
          .raw(
            `create function public.read_string() returns trigger language plpgsql as
  'begin if new.batch_id is null then return null; end if; return new; end'`,
          )
          .execute(connection);
        await sql`
        create trigger kept before update on ${sql.id(name, "marketplace_jobs")}
        for each row execute function public.read_string()`.execute(connection);
        const refusal = await refusalOf(runUp(connection, name, DROP));
        expect(refusal).toMatchObject({
          code: "MJ005",
          detail: { dependents: [{ kind: "trigger function", name: "public.read_string" }] },
        });
      });
    },
  );
});
