import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Cost } from "../cost-table.js";
import type { MeasureOperationParams } from "./measure-operation.js";
import type { Operation } from "./operation.js";

/** Does an operation in a process of its own, which alone has a peak of memory that nothing else made. */
export async function measureOperation(operation: Operation, url: string, count: number): Promise<Cost> {
  const program = fork(fileURLToPath(new URL("./measure-operation.ts", import.meta.url)));
  program.send({ operation: operation.name, url, count } satisfies MeasureOperationParams);
  const exit = once(program, "exit");
  const message = once(program, "message").then(([told]) => told as Cost | { readonly failure: string });
  const told = await Promise.race([message, exit.then(() => ({ failure: "the process ended without a word" }))]);
  await exit;
  if (!("failure" in told) || "count" in told) return told;
  const { name, unit } = operation;
  const figures = ["statements", "roundTrips", "walBytes", "cpuMs", "peakBytes", "grownBytes"] as const;
  const nothing = Object.fromEntries(figures.map((figure) => [figure, Number.NaN])) as Record<
    (typeof figures)[number],
    number
  >;
  return { name, unit, count, ...nothing, failure: told.failure ?? "" };
}
