import { expect, test } from "vitest";
import * as z from "zod";
import * as contract from "../../../src/contract/index.js";

const schemas = Object.entries(contract as Readonly<Record<string, unknown>>).flatMap(([name, exported]) =>
  exported instanceof z.ZodType ? [{ name, schema: exported }] : [],
);

test("the contract is made of schemas", () => {
  expect(schemas.length).toBeGreaterThan(15);
});

test.for(schemas)("$name can be rendered for an OpenAPI document", ({ schema }) => {
  // What a client sends, and what it gets; input data is any JSON, which JSON Schema says with an empty schema.
  const sent = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  expect(sent.type ?? sent.anyOf).toBeDefined();
});
