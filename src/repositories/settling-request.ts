import type { SettledForm } from "./settled-form.js";
import type { AskedOutcome } from "./settle-statement.js";

/** What one call asks for; what is sent of it is written down when it is made, whatever becomes of its arguments. */
export interface SettlingRequest {
  readonly asked: readonly AskedOutcome[];
  readonly form: SettledForm;
}
