import type { ColumnUse } from "./column-use.js";

/** "blocked by view by_string", "index of_status would vanish", "function report may name it" */
export function useInWords({ effect, kind, name }: ColumnUse): string {
  if (effect === "blocks") return `blocked by ${kind} ${name}`;
  return effect === "vanishes" ? `${kind} ${name} would vanish` : `${kind} ${name} may mean it`;
}
