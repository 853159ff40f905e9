import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareStructure } from "../../../src/verify/compare-structure.js";
import { migrationNames, structureAt } from "../../../src/verify/manifest.js";
import type { StructureItem } from "../../../src/verify/structure-item.js";

const expected = structureAt("tenant", migrationNames("tenant").at(-1) ?? "");
const canonical: readonly StructureItem[] = expected.map(({ kind, table, name, definition }) => ({
  kind,
  table,
  name,
  definition,
}));

const index = (name: string, definition: string, table = "marketplace_jobs"): StructureItem => {
  return { kind: "index", table, name, definition };
};

/** The canonical structure with that item in place of what was called so. */
function instead(name: string, changes: Partial<StructureItem>): StructureItem[] {
  return canonical.map((item) => (item.name === name ? { ...item, ...changes } : item));
}

/** What is said about a structure, with the first line of each mend. */
function drift(found: readonly StructureItem[]): { message: string; mend: string }[] {
  return compareStructure(expected, found).drift.map(({ message, mend }) => {
    return { message, mend: "sql" in mend ? mend.sql('o"k') : `refused: ${mend.refusal}` };
  });
}

describe("the canonical structure", () => {
  test("has no drift in any order of its items, under the names of a clone too", () => {
    const clone = expected.map((item) => ({ ...item, name: item.nameInClone ?? item.name }));
    fc.assert(
      fc.property(
        fc
          .constantFrom(canonical, clone)
          .chain((items) => fc.shuffledSubarray([...items], { minLength: items.length })),
        (items) => {
          const { drift: found, extra, leftOver } = compareStructure(expected, items);
          expect([...found, ...extra, ...leftOver]).toEqual([]);
        },
      ),
    );
  });

  test("less any one item is one drift, which names it", () => {
    fc.assert(
      fc.property(fc.constantFrom(...canonical), (missing) => {
        const rest = canonical.filter(
          (item) => item !== missing && (missing.kind !== "table" || item.table !== missing.name),
        );
        const [first, ...others] = compareStructure(expected, rest).drift;
        expect(first).toMatchObject({ kind: missing.kind, name: missing.name, difference: "missing" });
        expect(first?.message).toContain(missing.name);
        expect(others).toEqual([]);
      }),
    );
  });

  test("with anything of a host's besides has no drift, and all of that is extra", () => {
    const name = fc.string({ minLength: 1, maxLength: 20 }).map((text) => `host_${text}`);
    const item = fc.record({
      kind: fc.constantFrom("column", "constraint", "index", "trigger", "policy", "rule", "statistics", "view"),
      table: fc.constantFrom("batch_jobs", "marketplace_jobs", "marketplace_job_stats"),
      name,
      definition: name,
    }) as fc.Arbitrary<StructureItem>;
    fc.assert(
      fc.property(fc.uniqueArray(item, { selector: ({ name: unique }) => unique }), (hosts) => {
        const comparison = compareStructure(expected, [...canonical, ...hosts]);
        expect(comparison.drift).toEqual([]);
        expect(comparison.extra.toSorted(byName)).toEqual(hosts.toSorted(byName));
      }),
    );
  });
});

describe("an index is known by its definition", () => {
  const claim = "marketplace_jobs_claim_idx";
  const definition = canonical.find(({ name }) => name === claim)?.definition ?? "";

  test("under another name it is renamed", () => {
    expect(drift(instead(claim, { name: 'my "claim"' }))).toEqual([
      {
        message: `index ${claim} of marketplace_jobs is named my "claim"`,
        mend: `alter index "o""k"."my ""claim""" rename to ${claim};`,
      },
    ]);
  });

  test("twice, one goes, and the one with the right name stays", () => {
    expect(drift([index("a", definition), ...canonical])).toEqual([
      {
        message: `index a of marketplace_jobs repeats index ${claim}: ${definition}`,
        mend: `drop index "o""k"."a";`,
      },
    ]);
  });

  test("what has to go makes room first, then what is renamed, then what is created", () => {
    const found = canonical.filter(({ name }) => name !== "marketplace_jobs_list_idx");
    const differences = compareStructure(expected, [
      ...found.map((item) => (item.name === claim ? { ...item, name: "elsewhere" } : item)),
      index(claim, "btree (status)"),
    ]).drift.map(({ difference, name }) => `${difference} ${name}`);
    expect(differences).toEqual([`superfluous ${claim}`, `misnamed ${claim}`, "missing marketplace_jobs_list_idx"]);
  });

  test("one that was left invalid is created anew", () => {
    expect(drift(instead(claim, { definition: `${definition} (invalid)` }))).toEqual([
      {
        message: `index ${claim} of marketplace_jobs is ${definition} (invalid), not ${definition}`,
        mend: expect.stringMatching(/^drop index .*;\ncreate index marketplace_jobs_claim_idx on /),
      },
    ]);
  });

  test("a host's index with one of our names gives the name up and stays", () => {
    const mends = drift(instead(claim, { definition: "gin (input_data)" })).map(({ mend }) => mend);
    expect(mends).toEqual([
      expect.stringMatching(
        /^alter index "o""k"."marketplace_jobs_claim_idx" rename to marketplace_jobs_claim_idx_left_over;\ncreate index /,
      ),
    ]);
  });
});

describe("a constraint", () => {
  test("that was never checked against the rows is checked", () => {
    const name = "marketplace_jobs_batch_job_id_fkey";
    const key = canonical.find((item) => item.name === name)?.definition ?? "";
    expect(drift(instead(name, { definition: `${key} NOT VALID` }))).toEqual([
      {
        message: `foreign key ${name} of marketplace_jobs is ${key} NOT VALID, not ${key}`,
        mend: `alter table "o""k"."marketplace_jobs" validate constraint ${name};`,
      },
    ]);
  });

  test("leading to the batches with other actions is the link, and replaced", () => {
    const name = "marketplace_jobs_batch_job_id_fkey";
    const definition = "FOREIGN KEY (batch_job_id) REFERENCES batch_jobs(id) ON DELETE CASCADE";
    expect(drift(instead(name, { name: "by_batch", definition }))).toMatchObject([
      { mend: 'alter table "o""k"."marketplace_jobs" drop constraint "by_batch";' },
      { mend: expect.stringContaining("on delete set null;") },
    ]);
  });
});

describe("a column", () => {
  const table = '"o""k".marketplace_jobs';
  test.each([
    ["priority", "integer not null", `alter table ${table} alter column priority set default 3;`],
    ["priority", "integer default 3", `alter table ${table} alter column priority set not null;`],
    [
      "priority",
      "smallint",
      `alter table ${table} alter column priority type integer, alter column priority set default 3, alter column priority set not null;`,
    ],
    ["product_id", "integer", `alter table ${table} alter column product_id type bigint;`],
    ["product_id", "bigint not null", `alter table ${table} alter column product_id drop not null;`],
    [
      "idempotency_key",
      "character varying(40)",
      `alter table ${table} alter column idempotency_key type character varying(64);`,
    ],
    ["error_message", "character varying(40)", `alter table ${table} alter column error_message type text;`],
    [
      "idempotency_key",
      "character varying(80)",
      expect.stringMatching(/^refused: Not every value of character varying\(80\)/),
    ],
    ["idempotency_key", "text", expect.stringMatching(/^refused: Not every value of text/)],
    ["result_data", "json", expect.stringMatching(/^refused: Not every value of json /)],
    [
      "retry_count",
      "integer not null generated always as (1)",
      expect.stringMatching(/^refused: Its values are computed/),
    ],
    ["error_message", 'text collate "C"', expect.stringMatching(/^refused: Under another collation/)],
  ])("%s as %s", (name, definition, mend) => {
    const found = canonical.map((item) =>
      item.kind === "column" && item.table === "marketplace_jobs" && item.name === name
        ? { ...item, definition }
        : item,
    );
    expect(drift(found).map((item) => item.mend)).toEqual([mend]);
  });

  test("of ids that are drawn from elsewhere gets an identity, with which its sequence comes", () => {
    const definition = "integer not null default nextval('template_tenant.vinted_jobs_id_seq'::regclass)";
    const found = canonical
      .filter(({ name }) => name !== "marketplace_jobs_id_seq")
      .map((item) => (item.table === "marketplace_jobs" && item.name === "id" ? { ...item, definition } : item));
    const [column, sequence] = drift(found);
    expect(column?.message).toContain("come from the sequence template_tenant.vinted_jobs_id_seq");
    expect(column?.mend).toContain("generated by default as identity");
    expect(sequence).toEqual({
      message: "sequence marketplace_jobs_id_seq of marketplace_jobs is missing: owned by id up to 2147483647",
      mend: column?.mend,
    });
  });
});

describe("a table", () => {
  test("that is unlogged gets logged", () => {
    const found = canonical.map((item) =>
      item.kind === "table" && item.name === "batch_jobs" ? { ...item, definition: "table, unlogged" } : item,
    );
    expect(drift(found)).toEqual([
      {
        message: "table batch_jobs is unlogged: a crash of the server empties it",
        mend: 'alter table "o""k".batch_jobs set logged;',
      },
    ]);
  });

  test("whose name belongs to a view is one drift, and nothing of it is mended", () => {
    const view: StructureItem = { kind: "table", table: "batch_jobs", name: "batch_jobs", definition: "view" };
    const found = [view, ...canonical.filter(({ table }) => table !== "batch_jobs")];
    expect(drift(found)).toMatchObject([
      { message: "batch_jobs is a view, not a table", mend: expect.stringMatching(/^refused/) },
    ]);
  });
});

function byName(a: StructureItem, b: StructureItem): number {
  return a.name < b.name ? -1 : 1;
}
