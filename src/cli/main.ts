#!/usr/bin/env node
import { exitCodes } from "./exit-codes.js";
import { paletteFor } from "./output/palette.js";
import { Talk } from "./output/talk.js";
import { printError } from "./print-error.js";
import { createProgram } from "./program.js";

// Whoever reads the output may stop reading: head, less.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(process.exitCode ?? exitCodes.done);
});

try {
  await createProgram().parseAsync();
} catch (error) {
  // Nothing should come here; if it does, it is still a sentence and no stack.
  process.exitCode = printError(error, new Talk({ level: "normal", palette: paletteFor(process.stderr, true) }));
}
