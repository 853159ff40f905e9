import { describe, expect, test } from "vitest";
import { splitByTimes } from "../../../src/sync/step-durations.js";

describe("the time of several migrations in one message", () => {
  test("is divided by when the ledger says that each was done, the first having what is left", () => {
    expect(splitByTimes([1_000, 1_030, 1_035], 100)).toEqual([65, 30, 5]);
  });

  test("is nothing for the first where the server's clock says that the others took it all", () => {
    expect(splitByTimes([1_000, 1_120], 100)).toEqual([0, 120]);
  });

  test("is divided in equal parts where a row is gone", () => {
    expect(splitByTimes([1_000, Number.NaN], 100)).toEqual([50, 50]);
  });
});
