import { describe, expect, test } from "vitest";
import { columnInStatements } from "../../../src/inspect/column-in-statement.js";
import { shapesOfMigrations } from "../../../src/inspect/own-statements.js";
import { constantsOf } from "../../../src/inspect/sql-tokens.js";

const params = { table: "marketplace_jobs", column: "batch_id", otherTables: ["batch_jobs"] };
const schemasIn = (text: string): string[][] => columnInStatements(text, params).map(({ schemas }) => [...schemas]);

describe("a statement names the column", () => {
  test.each([
    ["without a schema", "select batch_id from marketplace_jobs", []],
    ["in capitals", "SELECT BATCH_ID FROM Marketplace_Jobs", []],
    ["in quotes", 'select "batch_id" from "user_1"."marketplace_jobs"', ["user_1"]],
    [
      "by the table's name",
      "select marketplace_jobs.batch_id from user_1.marketplace_jobs, user_1.batch_jobs",
      ["user_1"],
    ],
    [
      "by an alias",
      "select j . batch_id from user_1.marketplace_jobs as j join user_1.batch_jobs b using (id)",
      ["user_1"],
    ],
    ["by an alias in quotes", 'select "J"."batch_id" from user_1.marketplace_jobs "J", batch_jobs', ["user_1"]],
    [
      "in the list of an insert",
      "insert into user_2.marketplace_jobs (id, batch_id) select 1, b.id from user_2.batch_jobs b",
      ["user_2"],
    ],
    [
      "in the set of an update",
      "update only user_2.marketplace_jobs as j set status = $1, batch_id = null from batch_jobs b where b.id = 1",
      ["user_2"],
    ],
    ["in a copy", "copy user_1.marketplace_jobs (id, batch_id) to stdout", ["user_1"]],
    [
      "of two tenants",
      "select batch_id from user_1.marketplace_jobs union select batch_id from user_2.marketplace_jobs",
      ["user_1", "user_2"],
    ],
    [
      "of a schema whose name needs quotes",
      `select batch_id from "o'hara; ""x"" --".marketplace_jobs where note = 'it''s'`,
      [`o'hara; "x" --`],
    ],
    [
      "after a comment with an apostrophe",
      "/* don't */ select batch_id -- it's\nfrom user_1.marketplace_jobs",
      ["user_1"],
    ],
    [
      "after a comment within a comment, and an apostrophe",
      "/* a /* b */ don't */ select batch_id from user_1.marketplace_jobs",
      ["user_1"],
    ],
    ["after a comment that a carriage return ends", "-- a\rselect batch_id from user_1.marketplace_jobs", ["user_1"]],
    [
      "after a dollar-quoted text with an apostrophe",
      "update user_1.marketplace_jobs set error_message = $$don't$$, batch_id = $1",
      ["user_1"],
    ],
    [
      "after a dollar-quoted text that opens a comment",
      "update user_1.marketplace_jobs set error_message = $e1$ /* $$ $e1$, batch_id = $1",
      ["user_1"],
    ],
    ["in a block of a host's", "do $$ begin update user_1.marketplace_jobs set batch_id = null; end $$", ["user_1"]],
    ["and is cut off", "select id from user_1.marketplace_jobs where batch_id = 'publish_2026", ["user_1"]],
    ["in a table that it makes", "create table report as select batch_id from user_1.marketplace_jobs", ["user_1"]],
  ])("%s", (_, text, schemas) => {
    expect(schemasIn(text)).toEqual([schemas]);
  });
});

// What the parser has to look back for, a stack or a loop within a loop has to bear.
describe("a very long text", () => {
  test.each([
    ["of one constant", `'${"a".repeat(10_000_000)}'`],
    ["of constants", "''".repeat(5_000_000)],
    ["of comments that nest", "/*".repeat(2_500_000) + "*/".repeat(2_500_000)],
  ])("%s is read", (_, text) => {
    expect(schemasIn(`update user_1.marketplace_jobs set batch_id = 'x', note = ${text}`)).toEqual([["user_1"]]);
  });

  test("that writes to the table again and again is read", () => {
    const step = "x as (update marketplace_jobs a b c d batch_jobs), ";
    expect(schemasIn(`with ${step.repeat(20_000)} y`)).toEqual([]);
  });
});

describe("a statement does not name the column", () => {
  test.each([
    [
      "when it is another table's",
      "select b.batch_id from user_1.marketplace_jobs j join user_1.batch_jobs b on b.id = j.batch_job_id",
    ],
    [
      "when it finds a batch by its id",
      'select id from "user_1"."marketplace_jobs" j where j.batch_job_id = (select b.id from user_1.batch_jobs b where batch_id = $1)',
    ],
    [
      "when it creates a batch",
      "with b as (insert into user_1.batch_jobs (batch_id) values ($1) on conflict (batch_id) do nothing returning id) insert into user_1.marketplace_jobs (batch_job_id) select id from b",
    ],
    ["when it calls something else so", "select id as batch_id from user_1.marketplace_jobs"],
    ["when a constant holds it", "select id from user_1.marketplace_jobs where error_message = 'batch_id'"],
    [
      "when a constant with a backslash holds it",
      String.raw`select id from marketplace_jobs where error_message = E'\'batch_id'`,
    ],
    ["when a comment holds it", "select id from user_1.marketplace_jobs /* batch_id */ -- batch_id"],
    ["when it is part of another name", "select batch_id_old, my_batch_id from user_1.marketplace_jobs"],
    ["when it is written otherwise", 'select "Batch_Id" from user_1.marketplace_jobs'],
    [
      "when another statement of the text names the table",
      "select batch_id from user_1.batch_jobs; select id from user_1.marketplace_jobs",
    ],
    ["when it is about structure", "alter table user_1.marketplace_jobs drop column batch_id"],
    ["when it builds an index", "create unique index on user_1.marketplace_jobs (batch_id)"],
    ["when there is nothing in it", ""],
  ])("%s", (_, text) => {
    expect(schemasIn(text)).toEqual([]);
  });
});

test("statements have one shape when they differ in schemas and constants alone", () => {
  const shapes = [
    "select batch_id from user_1.marketplace_jobs where id = 1 and status = 'a'",
    `select batch_id\nfrom "we ""ird".marketplace_jobs /* again */ where id = 22 and status = 'b'`,
    "select batch_id from user_1.marketplace_jobs where id = 1 or status = 'a'",
  ].flatMap((text) => columnInStatements(text, params).map(({ shape }) => shape));
  expect(shapes).toHaveLength(3);
  expect(new Set(shapes).size).toBe(2);
  expect(shapes.join("")).not.toMatch(/user_1|we |22/);
});

test("the update by which going back refills the column is one of our own", () => {
  const [statement] = columnInStatements(
    `update "user_7".marketplace_jobs as job set batch_id = batch.batch_id from "user_7".batch_jobs as batch where batch.id = job.batch_job_id`,
    params,
  );
  expect(shapesOfMigrations("marketplace_jobs").has(statement?.shape ?? "")).toBe(true);
});

test("what a function builds out of constants is found in them", () => {
  const body = "begin execute format('update %I.marketplace_jobs set batch_id = ''x''', $1); end";
  expect(schemasIn(body)).toEqual([]);
  expect(schemasIn(constantsOf(body))).toEqual([[]]);
});
