import { Command, type CommanderError } from "commander";
import manifest from "../../package.json" with { type: "json" };
import { inspectColumnCommand } from "./commands/inspect-column-command.js";
import { planCommand } from "./commands/plan-command.js";
import { provisionCommand } from "./commands/provision-command.js";
import { repairCommand } from "./commands/repair-command.js";
import { rollbackCommand } from "./commands/rollback-command.js";
import { statusCommand } from "./commands/status-command.js";
import { syncCommand } from "./commands/sync-command.js";
import { verifyCommand } from "./commands/verify-command.js";
import { exitCodes } from "./exit-codes.js";
import { paletteFor } from "./output/palette.js";
import { withoutCredentials } from "./output/without-credentials.js";

/** The whole command line; it reads no arguments by itself. */
export function createProgram(): Command {
  const program = new Command(manifest.name)
    .description("Brings the schemas of thousands of tenants to the newest migration, and says how they stand.")
    .version(manifest.version)
    .addHelpText("after", EXIT_CODES);
  const commands = [
    statusCommand(),
    planCommand(),
    syncCommand(),
    verifyCommand(),
    inspectColumnCommand(),
    repairCommand(),
    rollbackCommand(),
    provisionCommand(),
  ];
  for (const command of commands) program.addCommand(command);
  for (const command of [program, ...commands]) {
    command
      .exitOverride(toOurExitCode)
      .showHelpAfterError(`Run ${helpCommand(program, command)} for what there is.`)
      .configureOutput({
        writeErr: (text) => process.stderr.write(withoutCredentials(text)),
        outputError: (text, write) => write(text.replace(/^error:/, paletteFor(process.stderr, true).bad("error:"))),
      });
  }
  return program;
}

const EXIT_CODES = `
Exit codes:
  ${exitCodes.done}    done, or nothing was to be done
  ${exitCodes.failed}    a tenant failed or drifted, a column is used or was not fully inspected, or the database could not be worked with
  ${exitCodes.usage}    wrong usage; nothing was run
  ${exitCodes.pending}    migrations are pending, with --fail-on-pending
  ${exitCodes.interrupted}  interrupted; Ctrl-C finishes what runs, a second one cancels it`;

function helpCommand(program: Command, command: Command): string {
  return [program.name(), ...(command === program ? [] : [command.name()]), "--help"].join(" ");
}

/** The parser's own code for wrong usage is 1, which here says that a tenant failed. */
function toOurExitCode(error: CommanderError): never {
  process.exit(error.exitCode === 0 ? exitCodes.done : exitCodes.usage);
}
