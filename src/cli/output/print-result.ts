import { withoutCredentials } from "./without-credentials.js";

/** Writes text of the result to standard output. */
export function printText(text: string): void {
  process.stdout.write(`${withoutCredentials(text)}\n`);
}

/** Writes the result as one JSON document. */
export function printJson(result: unknown): void {
  printText(JSON.stringify(result, null, 2));
}
