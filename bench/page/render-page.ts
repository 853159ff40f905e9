import { markdownTable } from "../markdown-table.js";
import { markdownOf } from "../result-table.js";
import { BUSY_BEFORE, type SuiteResult } from "../suite-result.js";
import { type Chart, chartsOf } from "./charts.js";
import { goalChecks } from "./goals.js";
import { rowsBehind } from "./rows-behind.js";
import { tablesOf } from "./table-rows.js";

/** A machine that does nothing else stays below. */
const QUIET_PERCENT = 10;
const BUSY =
  "**Other programs kept the machine busy when this run began: its ratios are rough, and its times mean nothing.**";

const DISTURBED_VERDICTS =
  "**Other programs kept the machine busy during some of these runs: their verdicts have to be measured again.**";

/**
 * The page about the benchmarks: the template, in which a comment on a line of its own says which figures stand there.
 * Nothing on the page that is a figure is written by hand.
 */
export function renderPage(template: string, runs: readonly SuiteResult[]): string {
  const charts = chartsOf(runs);
  return template.replaceAll(/^<!-- (.+) -->$/gm, (_, what: string) => {
    const [, suite] = /^suite (\S+)$/.exec(what) ?? [];
    if (suite !== undefined) return suiteSection(suite, runs, charts);
    switch (what) {
      case "goals":
        return goalsTable(runs);
      case "behind":
        return behindTable(runs);
      case "commands":
        return commands(runs);
      default:
        throw new Error(`The template asks for ${what}, which nothing writes.`);
    }
  });
}

function goalsTable(runs: readonly SuiteResult[]): string {
  const table = markdownTable(
    ["goal", "measured", "verdict"],
    goalChecks(tablesOf(runs)).map(({ goal, measured, verdict }) => [goal, measured, `**${verdict}**`]),
    3,
  );
  return runs.some(wasDisturbed) ? `${table}\n\n${DISTURBED_VERDICTS}` : table;
}

function behindTable(runs: readonly SuiteResult[]): string {
  const behind = rowsBehind(tablesOf(runs));
  if (behind.length === 0) return "Nothing.";
  return markdownTable(
    ["at", "what is behind", "what is ahead, with its part of the time"],
    behind.map(({ table, row, ahead }) => [
      table,
      row,
      ahead.map(({ name, part }) => `${name} (${part.toFixed(2)})`).join("; "),
    ]),
    3,
  );
}

function commands(runs: readonly SuiteResult[]): string {
  const minutes = Math.ceil(runs.reduce((sum, run) => sum + run.minutes, 0));
  return [
    `\`\`\`sh not-run: takes ${minutes} minutes and installs the peers`,
    ...runs.map(({ command }) => command),
    "npm run bench:page",
    "```",
  ].join("\n");
}

function suiteSection(suite: string, runs: readonly SuiteResult[], charts: readonly Chart[]): string {
  const own = runs.filter((run) => run.suite === suite);
  if (own.length === 0) return "Not measured yet.";
  const pictures = charts
    .filter((chart) => chart.suite === suite)
    .map(({ file, title }) => `![${title}](benchmarks/${file})`);
  return [...pictures, ...own.map(runSection)].join("\n\n");
}

function wasDisturbed({ setting }: SuiteResult): boolean {
  return Number.parseInt(setting[BUSY_BEFORE] ?? "") > QUIET_PERCENT;
}

function runSection(run: SuiteResult): string {
  const { command, startedAt, minutes, setting, tables, failure } = run;
  const settings = Object.entries(setting).map(([name, value]) => `${name} ${value}`);
  return [
    `\`${command}\` on ${startedAt.slice(0, 10)}, ${minutes} minutes. ${settings.join(" · ")}.`,
    ...(wasDisturbed(run) ? [BUSY] : []),
    ...(failure === undefined ? [] : [`**The run ended early: ${failure}**`]),
    ...tables.map((table) => markdownOf(table).trimEnd()),
  ].join("\n\n");
}
