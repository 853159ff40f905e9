import type { TenantColumn } from "../column-use/column-use.js";
import { CommandFailure } from "./command-failure.js";
import { exitCodes } from "./exit-codes.js";

const QUALIFIED =
  /^(?:"(?<quotedTable>(?:[^"]|"")+)"|(?<table>[^".]+))\.(?:"(?<quotedColumn>(?:[^"]|"")+)"|(?<column>[^".]+))$/;

/** `table.column`, each of them exactly as the catalog has it, or in double quotes as SQL has it. */
export function qualifiedColumn(argument: string): TenantColumn {
  const { quotedTable, table, quotedColumn, column } = QUALIFIED.exec(argument)?.groups ?? {};
  const names = {
    table: table ?? quotedTable?.replaceAll('""', '"'),
    column: column ?? quotedColumn?.replaceAll('""', '"'),
  };
  if (names.table === undefined || names.column === undefined) {
    throw new CommandFailure({
      message: `${JSON.stringify(argument)} is no column of a table: name both, as in marketplace_jobs.batch_id, without the schema.`,
      exitCode: exitCodes.usage,
    });
  }
  return { table: names.table, column: names.column };
}
