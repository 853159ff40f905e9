import { describe, expect, test } from "vitest";
import { interleave } from "../../../bench/interleave.js";
import { median } from "../../../bench/sample.js";
import { compareLatencies } from "../../../bench/latency-table.js";

describe("contenders that take turns", () => {
  test("begin one round each", async () => {
    const turns: string[] = [];
    const contender = (name: string) => ({
      name,
      run: async () => {
        turns.push(name);
      },
    });
    const comparisons = await interleave([contender("a"), contender("b"), contender("c")], 3);
    expect(turns.join("")).toBe("abcbcacab");
    expect(comparisons.map(({ name, rounds }) => `${name} ${rounds}`)).toEqual(["a 3", "b 3", "c 3"]);
    expect(comparisons[0]).toMatchObject({ ratio: 1, ratioLow: 1, ratioHigh: 1 });
  });

  test("go on without one that fails, whose work is taken away all the same", async () => {
    const said: string[] = [];
    const comparisons = await interleave(
      [
        { name: "sound", run: async () => void said.push("sound") },
        {
          name: "broken",
          run: async () => Promise.reject(new Error("no such table\nand more")),
          finish: async () => void said.push("taken away"),
        },
      ],
      3,
    );
    expect(said).toEqual(["sound", "taken away", "sound", "sound"]);
    expect(comparisons.map(({ name, rounds, failure }) => ({ name, rounds, failure }))).toEqual([
      { name: "sound", rounds: 3, failure: undefined },
      { name: "broken", rounds: 0, failure: "no such table" },
    ]);
  });

  test("fail when their work, looked at afterwards, was not done", async () => {
    const [comparison] = await interleave(
      [{ name: "idle", run: async () => {}, finish: async () => Promise.reject(new Error("nothing was written")) }],
      1,
    );
    expect(comparison).toMatchObject({ rounds: 0, failure: "nothing was written" });
  });

  test("are called as often as asked where each call uses something up", async () => {
    let prepared = 0;
    let read = 0;
    const [own] = await compareLatencies({
      readers: [{ name: "a", prepare: async () => void (prepared += 1), read: async () => void (read += 1) }],
      rounds: 2,
      concurrency: 1,
      turn: { calls: 10 },
    });
    // Three calls to warm up, and a full queue before them, too.
    expect({ prepared, read, rounds: own?.rounds }).toEqual({ prepared: 3, read: 23, rounds: 2 });
  });

  test("are read by the others when one reader fails", async () => {
    const latencies = await compareLatencies({
      readers: [
        { name: "sound", read: async () => {} },
        { name: "broken", read: async () => Promise.reject(new Error("199 rows, not 200")) },
      ],
      rounds: 1,
      concurrency: 2,
      turn: { calls: 4 },
    });
    expect(latencies.map(({ name, rounds, failure }) => ({ name, rounds, failure }))).toEqual([
      { name: "sound", rounds: 1, failure: undefined },
      { name: "broken", rounds: 0, failure: "199 rows, not 200" },
    ]);
  });
});

test("the median of an even number of rounds lies between the two in the middle", () => {
  expect([median([3, 1, 2]), median([4, 1, 3, 2]), median([5])]).toEqual([2, 2.5, 5]);
  expect(median([])).toBeNaN();
});
