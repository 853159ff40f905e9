import { MarketplaceJobsError } from "./marketplace-jobs-error.js";

/** A column came back in a form that its reader does not know; the value itself is not told. */
export class InvalidRowError extends MarketplaceJobsError {
  constructor({ column, expected }: { readonly column: string; readonly expected: string }) {
    super({
      code: "INVALID_ROW",
      message: `${column} did not come back from the driver as ${expected}.`,
      hint: "Remove the driver's type parser for this column's type, or let it give what node-postgres gives by default.",
      details: { column },
    });
  }
}
