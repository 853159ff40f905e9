import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { migrationNames, structureAt } from "../../../src/verify/manifest.js";
import { entityDiagram } from "./entity-diagram.js";

const page = readFileSync(new URL("../../../docs/data-model.md", import.meta.url), "utf8");
const diagrams = [...page.matchAll(/```mermaid\n(.*?)\n```/gs)].map(([, diagram]) => diagram);
const [tenant, shared] = (["tenant", "shared"] as const).map((part) =>
  structureAt(part, migrationNames(part).at(-1) ?? ""),
);

describe("the page about the data model", () => {
  test("draws a tenant's tables as the migrations leave them", () => {
    expect(diagrams[0]).toBe(entityDiagram(tenant ?? []));
  });

  test("draws the shared table as its migration leaves it", () => {
    expect(diagrams[1]).toBe(entityDiagram(shared ?? []));
  });

  test("explains every index", () => {
    const indexes = [...(tenant ?? []), ...(shared ?? [])].filter(({ kind }) => kind === "index");
    expect(indexes.filter(({ name }) => !page.includes(`| \`${name}\``)).map(({ name }) => name)).toEqual([]);
    const explained = [...page.matchAll(/^\| `(\w+_idx)`/gm)].map(([, name]) => name);
    expect(new Set(explained)).toEqual(new Set(indexes.map(({ name }) => name)));
  });
});
