import { type Kysely, sql } from "kysely";
import { describe, expect } from "vitest";
import { migrations } from "../../../migrations/index.js";
import type { TenantRepositories } from "../../../src/repositories/for-tenant.js";
import { actionTypes } from "../../../src/repositories/action-type-repository.js";
import { createTenantSchema } from "../../../src/tenancy/create-tenant-schema.js";
import type { StatementCounter } from "../../database/statement-counter.js";
import { tenantTest } from "../repositories/tenant-fixture.js";
import { callEveryMethod, methodsOf } from "./every-method.js";

const OURS = "batch_jobs|marketplace_jobs|marketplace_job_stats|marketplace_job_action_types|marketplace_action_types";

/** What Citus refuses in a distributed schema, whatever it is about. */
const REFUSED_ANYWHERE: Readonly<Record<string, RegExp>> = {
  triggers: /create (or replace )?(constraint )?trigger/i,
  inheritance: /\binherits \(|\bpartition of\b|\) partition by/i,
  "typed tables": /create table [^(;]+ of /i,
  "foreign tables": /create foreign table/i,
  views: /create (or replace )?(materialized )?view/i,
};

/** What Citus refuses to do to a table once it is distributed. */
const REFUSED_ON_TABLES: Readonly<Record<string, RegExp>> = {
  "adding an identity": /add generated/i,
  "renaming a constraint": /rename constraint/i,
  "changing a sequence": /alter sequence/i,
  "moving a table": /set schema/i,
};

describe("Citus with schema-based sharding", () => {
  tenantTest("finds nothing in any migration that it never allows", ({ schema }) => {
    for (const [name, { script }] of Object.entries(migrations)) {
      expectNone(`${script.up(schema)}\n${script.down?.(schema) ?? ""}`, REFUSED_ANYWHERE, name);
    }
  });

  tenantTest("is given a new tenant in a form that it allows", async ({ db, schema, statements }) => {
    const { texts } = await statements.during(() => createTenantSchema(db, schema));
    const text = texts.join("\n");
    expect(text).toMatch(/create schema "\w+";/);
    expectNone(
      text,
      { ...REFUSED_ANYWHERE, ...REFUSED_ON_TABLES, "any change of a table": /alter table/i },
      "new tenant",
    );
    expectKeysWithin(text, schema);
  });

  tenantTest("allows to drop the deprecated column of a distributed tenant, and to bring it back", ({ schema }) => {
    const { script } = migrations["0005_drop_marketplace_jobs_batch_id"] ?? {};
    const text = `${script?.up(schema) ?? ""}\n${script?.down?.(schema) ?? ""}`;
    const changes = [...text.matchAll(/alter table "?\w+"?\.\w+\s([^;]+);/g)].flatMap(([, list = ""]) =>
      list.split(","),
    );
    expect(changes.length).toBeGreaterThan(0);
    for (const change of changes) {
      expect(change.trim()).toMatch(/^(add|drop) column \w+|^alter column \w+ (set|drop) (default|not null)/);
    }
  });

  tenantTest(
    "is sent statements about one tenant and the table that all read",
    async ({ db, schema, tenant, statements }) => {
      for (const text of await statementsOfEveryMethod({ db, tenant, statements })) {
        for (const [, named = "", table = ""] of text.matchAll(new RegExp(`"?(\\w+)"?\\."?(${OURS})\\b`, "g"))) {
          expect(named, text).toBe(table === "marketplace_action_types" ? "public" : schema);
        }
      }
    },
  );

  tenantTest("finds no volatile function where a row is changed", async ({ db, tenant, statements }) => {
    const changes = (await statementsOfEveryMethod({ db, tenant, statements })).flatMap(changingParts);
    const called = new Set(
      changes.flatMap((part) => [...part.matchAll(/\b([a-z_]\w*)\(/g)].map(([, name = ""]) => name)),
    );
    const { rows } = await sql<{ name: string }>`
      select distinct proname as name from pg_catalog.pg_proc
      where provolatile = 'v' and proname in (${sql.join([...called, "random"])})
    `.execute(db);
    expect(changes.length).toBeGreaterThan(10);
    // Asked for although nothing calls it, so that the question is known to find something.
    expect(rows.map(({ name }) => name)).toEqual(["random"]);
    expect(called.has("random")).toBe(false);
  });
});

interface Fixtures {
  readonly db: Kysely<any>;
  readonly tenant: TenantRepositories;
  readonly statements: StatementCounter;
}

/** The text of everything that the repositories send. */
async function statementsOfEveryMethod({ db, tenant, statements }: Fixtures): Promise<readonly string[]> {
  const uncalled = new Set([...methodsOf(tenant.jobs), ...methodsOf(tenant.batches), ...methodsOf(tenant.stats)]);
  const heard = <Repository extends object>(repository: Repository): Repository =>
    new Proxy(repository, {
      get: (target, key) => {
        uncalled.delete(String(key));
        const value: unknown = Reflect.get(target, key);
        return typeof value === "function" ? (value.bind(target) as unknown) : value;
      },
    });
  const listening = { jobs: heard(tenant.jobs), batches: heard(tenant.batches), stats: heard(tenant.stats) };
  const { texts } = await statements.during(() => callEveryMethod({ types: actionTypes(db), ...listening }));
  expect([...uncalled]).toEqual([]);
  return texts;
}

function expectNone(text: string, refused: Readonly<Record<string, RegExp>>, where: string): void {
  for (const [what, pattern] of Object.entries(refused)) expect(text, `${where}: ${what}`).not.toMatch(pattern);
}

function expectKeysWithin(text: string, schema: string): void {
  const targets = [...text.matchAll(/references\s+"?(\w+)"?\./g)].map(([, target]) => target);
  expect(targets.length).toBeGreaterThan(0);
  expect(new Set(targets)).toEqual(new Set([schema]));
}

/** The `update` and `delete` statements of a text, those inside `with` included. */
function changingParts(text: string): string[] {
  const starts = [...text.matchAll(/(?:^|\()\s*(?=(?:update|delete from)\s)/g)].map(
    ({ index, 0: { length } }) => index + length,
  );
  return starts.map((start) => {
    let depth = 0;
    for (let index = start; index < text.length; index += 1) {
      if (text[index] === "(") depth += 1;
      if (text[index] === ")") depth -= 1;
      if (depth < 0) return text.slice(start, index);
    }
    return text.slice(start);
  });
}
