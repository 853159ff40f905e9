import { readFileSync } from "node:fs";
import type { Command, Option } from "commander";
import { createProgram } from "../../../src/cli/program.js";

/** The parts of the command line's page that are not written by hand, by the name of their place in it. */
export function generatedParts(folder: URL): Readonly<Record<string, string>> {
  const commands = createProgram().commands;
  return {
    commands: table(
      ["Command", "What it does"],
      commands.map((command) => [`\`${usageOf(command)}\``, command.summary()]),
    ),
    flags: flagTables(commands),
    ...Object.fromEntries(
      ["status-before", "plan", "sync", "status-after", "verify"].map((name) => [
        `recording ${name}`,
        `\`\`\`text\n${readFileSync(new URL(`recordings/${name}.txt`, folder), "utf8").trimEnd()}\n\`\`\``,
      ]),
    ),
  };
}

function usageOf(command: Command): string {
  return [command.name(), ...command.registeredArguments.map((argument) => `<${argument.name()}>`)].join(" ");
}

interface Flag {
  readonly heading: string;
  readonly option: Option;
  readonly commands: string[];
}

/** A table for each heading of the help; a flag that means the same in several commands is one row. */
function flagTables(commands: readonly Command[]): string {
  const flags = new Map<string, Flag>();
  for (const command of commands) {
    for (const option of command.options) {
      const key = `${option.flags} ${option.description}`;
      const flag = flags.get(key) ?? { heading: option.helpGroupHeading ?? "", option, commands: [] };
      flag.commands.push(command.name());
      flags.set(key, flag);
    }
  }
  return [...Map.groupBy(flags.values(), ({ heading }) => heading)]
    .map(([heading, group]) => {
      const rows = group.map(({ option, commands: names }) => [
        `\`${option.flags}\``,
        option.description + (option.argChoices === undefined ? "" : `: ${option.argChoices.join(" or ")}`),
        names.length === commands.length ? "all" : names.join(", "),
      ]);
      return `### ${heading.replace(/:$/, "")}\n\n${table(["Flag", "Meaning", "Commands"], rows)}`;
    })
    .join("\n\n");
}

function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  // A bar ends a cell, even inside of code.
  const cells = [headings, ...rows].map((row) => row.map((cell) => cell.replaceAll("|", "\\|")));
  const widths = headings.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const [head = [], ...body] = cells.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)));
  const line = (row: readonly string[]): string => `| ${row.join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...body.map(line)].join("\n");
}
