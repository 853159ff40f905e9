#!/usr/bin/env node
import manifest from "../../package.json" with { type: "json" };
import { CommandFailure } from "./command-failure.js";
import { exitCodes } from "./exit-codes.js";
import { nodeVersionProblem } from "./node-version.js";
import { paletteFor } from "./output/palette.js";
import { Talk } from "./output/talk.js";
import { surviveUnheardOutput } from "./output/unheard-output.js";
import { printError } from "./print-error.js";
import { createProgram } from "./program.js";

surviveUnheardOutput(process.stdout, process.stderr);

try {
  // An older Node would fail somewhere on the way, with a sentence that helps nobody.
  const problem = nodeVersionProblem(process.version, manifest.engines.node);
  if (problem !== undefined) throw new CommandFailure({ message: problem, exitCode: exitCodes.failed });
  await createProgram().parseAsync();
} catch (error) {
  // Nothing should come here; if it does, it is still a sentence and no stack.
  process.exitCode = printError(error, new Talk({ level: "normal", palette: paletteFor(process.stderr, true) }));
}
