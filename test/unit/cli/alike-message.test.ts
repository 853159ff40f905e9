import { expect, test } from "vitest";
import { alikeMessage, messageOfGroup } from "../../../src/cli/output/alike-message.js";

test.each([
  ["user_1", "permission denied for schema user_1", "permission denied for schema <schema>"],
  ["user_1", 'relation "user_1.batch_jobs" exists', 'relation "<schema>.batch_jobs" exists'],
  ["user_1", "view user_12.report reads user_1.batch_jobs", "view user_12.report reads <schema>.batch_jobs"],
  ["user_1", "super_user_1 may not", "super_user_1 may not"],
  ["a.b", 'no usage of "a.b", nor of axb', 'no usage of "<schema>", nor of axb'],
])("the message of %s is what another schema's would be: %s", (schema, message, alike) => {
  expect(alikeMessage({ schema, message })).toBe(alike);
});

test("a message that all of a group have is told as it is", () => {
  const message = "user_1 is in the way";
  expect(messageOfGroup([{ schema: "user_1", message }])).toBe(message);
  expect(
    messageOfGroup([
      { schema: "user_1", message },
      { schema: "user_2", message },
    ]),
  ).toBe(message);
  expect(
    messageOfGroup([
      { schema: "user_1", message },
      { schema: "user_2", message: "user_2 is in the way" },
    ]),
  ).toBe("<schema> is in the way");
});
