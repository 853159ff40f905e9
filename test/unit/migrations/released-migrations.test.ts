import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { migrations, plainSqlMigration, sharedMigrations } from "../../../migrations/index.js";
import { type Seals, sealsOf } from "../../golden/seals.js";

const released = JSON.parse(readFileSync(new URL("../../golden/released.json", import.meta.url), "utf8")) as Seals;

describe("a migration that was released", () => {
  test("is to the byte what it was: a change belongs in a new migration", () => {
    const current = { ...sealsOf("tenant", migrations), ...sealsOf("shared", sharedMigrations) };
    const kept = Object.fromEntries(Object.keys(released).map((name) => [name, current[name]]));
    expect(kept).toEqual(released);
  });

  test("stands before all that were not: a database that has it must not need an earlier one", () => {
    for (const [group, all] of Object.entries({ tenant: migrations, shared: sharedMigrations })) {
      const isReleased = Object.keys(all).map((name) => `${group}/${name}.up.sql` in released);
      expect(isReleased).toEqual(isReleased.toSorted((one, other) => Number(other) - Number(one)));
    }
  });

  test("has a seal that a single character breaks", () => {
    const seals = ["select 1", "select 2"].map((sql) =>
      sealsOf("tenant", { "0001_x": plainSqlMigration({ up: () => sql }) }),
    );
    expect(seals[0]).toEqual({ "tenant/0001_x.up.sql": expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(seals[1]).not.toEqual(seals[0]);
  });
});

describe("the migrations", () => {
  test("are named in the order in which they run", () => {
    for (const all of [migrations, sharedMigrations]) {
      const names = Object.keys(all);
      expect(names).toEqual(names.toSorted((one, other) => (one < other ? -1 : 1)));
      expect(names.every((name) => /^\d{4}_[a-z0-9_]+$/.test(name))).toBe(true);
    }
  });

  test("render the same text for the same schema, and differ by nothing but its name", () => {
    for (const { script } of Object.values(migrations)) {
      expect(script.up("user_1")).toBe(script.up("user_1"));
      expect(script.up("user_1").replaceAll("user_1", "user_2")).toBe(script.up("user_2"));
    }
  });

  test("never begin or end a transaction, and never look along a search path", () => {
    for (const { script } of [...Object.values(migrations), ...Object.values(sharedMigrations)]) {
      for (const text of [script.up("user_1"), script.down?.("user_1") ?? ""]) {
        expect(text).not.toMatch(/^\s*(begin|commit|rollback|start transaction)\s*;/im);
        expect(text).not.toMatch(/search_path|\bcascade\b|select \*|returning \*/i);
      }
    }
  });
});
