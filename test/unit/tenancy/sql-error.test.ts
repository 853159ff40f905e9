import { describe, expect, test } from "vitest";
import { readSqlError } from "../../../src/tenancy/sql-error.js";

describe("what a driver says", () => {
  test.each([
    ["node-postgres, cut off", { message: "Connection terminated unexpectedly" }],
    ["node-postgres, no answer", { message: "timeout exceeded when trying to connect" }],
    ["postgres.js, cut off", { code: "CONNECTION_CLOSED", message: "write CONNECTION_CLOSED 10.0.0.1:5432" }],
    ["postgres.js, no answer", { code: "CONNECT_TIMEOUT", message: "write CONNECT_TIMEOUT 10.0.0.1:5432" }],
    ["Node", { code: "ECONNREFUSED", message: "connect ECONNREFUSED 10.0.0.1:5432" }],
    ["the server, shutting down", { code: "57P01", message: "terminating connection" }],
  ])("is a lost connection: %s", (_, error) => {
    expect(readSqlError(error).isConnectionLost).toBe(true);
  });

  test("is none when the server answered with something else", () => {
    const error = { code: "42P01", message: 'relation "connection" does not exist' };
    expect(readSqlError(error)).toMatchObject({ sqlState: "42P01", isConnectionLost: false });
  });
});
