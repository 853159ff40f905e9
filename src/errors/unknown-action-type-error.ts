import { MarketplaceJobsError } from "./marketplace-jobs-error.js";

/** What an `UnknownActionTypeError` is made of: for a test of how a host handles it. */
export interface UnknownActionTypeErrorParams {
  readonly marketplace: string;
  readonly actionCode: string;
  /** Every action type that the shared schema holds; those of the marketplace asked for are listed first. */
  readonly known: readonly { readonly marketplace: string; readonly code: string }[];
  readonly tenant?: string | undefined;
}

/** Enough to see a typing mistake at once; the whole list is in `details`. */
const LISTED_ACTION_TYPES = 50;

/** No action type has this code on this marketplace. */
export class UnknownActionTypeError extends MarketplaceJobsError {
  constructor({ marketplace, actionCode, known, tenant }: UnknownActionTypeErrorParams) {
    const isElsewhere = (key: { marketplace: string }): number => Number(key.marketplace !== marketplace);
    const names = known
      .toSorted((left, right) => isElsewhere(left) - isElsewhere(right))
      .map((key) => `${key.marketplace}/${key.code}`);
    const listed = names.slice(0, LISTED_ACTION_TYPES).join(", ");
    const others = names.length > LISTED_ACTION_TYPES ? ` and ${names.length - LISTED_ACTION_TYPES} more` : "";
    super({
      code: "UNKNOWN_ACTION_TYPE",
      tenant,
      message:
        `Marketplace ${JSON.stringify(marketplace)} has no action type ${JSON.stringify(actionCode)}; ` +
        (names.length === 0 ? "no action types are known at all." : `known are ${listed}${others}.`),
      hint: "Correct the code, or register the action type: actionTypes(db).registerActionType({ marketplace, code, name }).",
      details: { marketplace, actionCode, known: names },
    });
  }
}
