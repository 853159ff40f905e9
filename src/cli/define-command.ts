import { Argument, Command } from "commander";
import type { ExitCode } from "./exit-codes.js";
import type { FlagGroup } from "./flags/flag-group.js";
import { paletteFor } from "./output/palette.js";
import { Talk } from "./output/talk.js";
import { talkLevel } from "./flags/output-flags.js";
import { printError } from "./print-error.js";
import { type CommonFlags, runCommand } from "./run-command.js";
import type { Session } from "./session.js";

interface CommandDefinition<Flags extends CommonFlags> {
  readonly name: string;
  readonly summary: string;
  /** What the summary does not say. */
  readonly description: string;
  readonly argument?: { readonly name: string; readonly description: string } | undefined;
  readonly flags: readonly FlagGroup[];
  /** A command line that works; the tests run it. */
  readonly example: string;
  /** See {@link Interruption}. */
  readonly finishesFirst: boolean;
  /** Checks what was typed, before anything is connected to, and gives the work that is to be done. */
  readonly prepare: (flags: Flags, argument: string) => Promise<(session: Session) => Promise<ExitCode>>;
}

/** A command of the program, with its flags under their headings. */
export function defineCommand<Flags extends CommonFlags>(definition: CommandDefinition<Flags>): Command {
  const { argument } = definition;
  const command = new Command(definition.name)
    .summary(definition.summary)
    .description(`${definition.summary}\n\n${definition.description}`)
    .addHelpText("after", `\nExample:\n  $ ${definition.example}`);
  if (argument !== undefined) command.addArgument(new Argument(`<${argument.name}>`, argument.description));
  for (const { heading, options } of definition.flags) {
    for (const option of options()) command.addOption(option.helpGroup(heading));
  }
  command.action(async () => {
    const flags: Flags = command.opts();
    process.exitCode = await execute(flags, () => definition.prepare(flags, command.args[0] ?? ""), definition);
  });
  return command;
}

async function execute(
  flags: CommonFlags,
  prepare: () => Promise<(session: Session) => Promise<ExitCode>>,
  { finishesFirst }: { readonly finishesFirst: boolean },
): Promise<ExitCode> {
  const talk = new Talk({ level: talkLevel(flags), palette: paletteFor(process.stderr, flags.color !== false) });
  try {
    return await runCommand({ flags, talk, finishesFirst, work: await prepare() });
  } catch (error) {
    return printError(error, talk);
  }
}
