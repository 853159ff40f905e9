import { printable } from "../../report/printable.js";
import { grouped } from "../../report/quantity.js";

/** How many names stand for a group: enough to recognise it by. */
const NAMES_SHOWN = 3;

/** "user_1, user_2, user_3 and 1,997 more" */
export function listNames(names: readonly string[]): string {
  const shown = names.slice(0, NAMES_SHOWN).map(printable).join(", ");
  return names.length > NAMES_SHOWN ? `${shown} and ${grouped(names.length - NAMES_SHOWN)} more` : shown;
}
