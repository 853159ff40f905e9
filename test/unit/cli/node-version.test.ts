import { expect, test } from "vitest";
import { nodeVersionProblem } from "../../../src/cli/node-version.js";

test.each(["v22.12.0", "v22.13.1", "v24.0.0", "v100.1.0"])("Node %s is new enough for >=22.12.0", (running) => {
  expect(nodeVersionProblem(running, ">=22.12.0")).toBeUndefined();
});

test.each(["v20.20.2", "v22.11.0", "v22.2.0"])("Node %s is told that it is too old for >=22.12.0", (running) => {
  const version = running.slice(1);
  expect(nodeVersionProblem(running, ">=22.12.0")).toBe(
    `marketplace-jobs needs Node 22.12.0 or newer, and this is ${version}: run it with a newer one.`,
  );
});
