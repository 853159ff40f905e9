import type { ManifestItem } from "../../../src/verify/manifest.js";

/** The tables of the canonical structure as a mermaid entity relationship diagram. */
export function entityDiagram(items: readonly ManifestItem[]): string {
  const tables = items.filter(({ kind }) => kind === "table").map(({ name }) => name);
  return ["erDiagram", ...items.flatMap(relation), ...tables.flatMap((table) => entity(table, items))].join("\n");
}

function relation({ kind, table, definition }: ManifestItem): string[] {
  const [, column = "", target = ""] = /^FOREIGN KEY \((\w+)\) REFERENCES (\w+)/.exec(definition) ?? [];
  return kind === "constraint" && target !== "" ? [`  ${target} |o--o{ ${table} : ${column}`] : [];
}

function entity(table: string, items: readonly ManifestItem[]): string[] {
  const own = items.filter((item) => item.table === table);
  const keyColumns = (prefix: string): Set<string> =>
    new Set(own.flatMap(({ definition }) => columnsOfKey(definition, prefix)));
  const keys = [
    ["PK", keyColumns("PRIMARY KEY")],
    ["FK", keyColumns("FOREIGN KEY")],
    ["UK", keyColumns("UNIQUE")],
  ] as const;
  const columns = own
    .filter(({ kind }) => kind === "column")
    .toSorted((one, other) => rank(one.name).localeCompare(rank(other.name), "en"))
    .map(({ name, definition }) => {
      const named = keys.filter(([, names]) => names.has(name)).map(([key]) => key);
      const required = definition.includes(" not null") ? [] : ['"may be null"'];
      return ["   ", typeOf(definition), name, ...(named.length === 0 ? [] : [named.join(",")]), ...required].join(" ");
    });
  return [`  ${table} {`, ...columns, "  }"];
}

/** The id first, the rest by name. */
function rank(column: string): string {
  return column === "id" ? "" : column;
}

function columnsOfKey(definition: string, prefix: string): string[] {
  const [, columns = ""] = new RegExp(`^${prefix} \\(([^)]+)\\)`).exec(definition) ?? [];
  return columns === "" ? [] : columns.split(", ");
}

function typeOf(definition: string): string {
  return definition
    .replace(/ (not null|default |generated ).*$/, "")
    .replace("character varying", "varchar")
    .replace("timestamp with time zone", "timestamptz");
}
