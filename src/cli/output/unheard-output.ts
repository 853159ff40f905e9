import type { Writable } from "node:stream";
import { exitCodes } from "../exit-codes.js";
import { reasonOf } from "./file-trouble.js";

/**
 * What becomes of a command whose output finds no taker: it goes on to its end. A reader that has read enough (head,
 * less) is no failure; a result that could not be stored is one, which the exit code tells when it is all over. Nobody
 * can be told that standard error is gone, and a run over tenants is not broken off for it.
 */
export function surviveUnheardOutput(stdout: Writable, stderr: Writable): void {
  let isResultLost = false;
  stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE" || isResultLost) return;
    isResultLost = true;
    stderr.write(`error: the result could not be written: ${reasonOf(error)}\n`);
  });
  stderr.on("error", () => {});
  process.on("exit", (exitCode) => {
    if (isResultLost && exitCode === exitCodes.done) process.exitCode = exitCodes.failed;
  });
}
