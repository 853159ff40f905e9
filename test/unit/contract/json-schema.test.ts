import { expect, test } from "vitest";
import * as z from "zod";
import * as contract from "../../../src/contract/index.js";

const schemas = Object.entries(contract).filter((entry): entry is [string, z.ZodType] => entry[1] instanceof z.ZodType);

test("the contract is made of schemas", () => {
  expect(schemas.length).toBeGreaterThan(15);
});

test.for(schemas)("%s can be rendered for an OpenAPI document", ([_name, schema]) => {
  // What a client sends, and what it gets; input data is any JSON, which JSON Schema says with an empty schema.
  const sent = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  expect(sent.type ?? sent.anyOf).toBeDefined();
});
