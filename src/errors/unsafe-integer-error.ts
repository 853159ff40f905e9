import { MarketplaceJobsError } from "./marketplace-jobs-error.js";

/** A stored integer is too large for a JavaScript number, and a rounded one would be wrong without a word. */
export class UnsafeIntegerError extends MarketplaceJobsError {
  constructor({ column }: { readonly column: string }) {
    super({
      code: "UNSAFE_INTEGER",
      message: `${column} holds an integer beyond ±${Number.MAX_SAFE_INTEGER}, which a JavaScript number cannot hold exactly.`,
      hint: "Correct the row, or read this column with a query of your own.",
      details: { column },
    });
  }
}
