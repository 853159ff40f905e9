import { MarketplaceJobsError } from "./marketplace-jobs-error.js";

/** What an `ActionTypeExistsError` is made of: for a test of how a host handles it. */
export interface ActionTypeExistsErrorParams {
  readonly marketplace: string;
  readonly actionCode: string;
  /** The fields in which the row that exists differs from the one to be registered. */
  readonly differingFields: readonly string[];
}

/** An action type with this code exists with other settings, and registering never changes a row. */
export class ActionTypeExistsError extends MarketplaceJobsError {
  constructor({ marketplace, actionCode, differingFields }: ActionTypeExistsErrorParams) {
    super({
      code: "ACTION_TYPE_EXISTS",
      message:
        `Action type ${JSON.stringify(actionCode)} of marketplace ${JSON.stringify(marketplace)} ` +
        `exists with another ${differingFields.join(", ")}.`,
      hint: "Register it with the settings it has, choose another code, or change the row in a migration of your own.",
      details: { marketplace, actionCode, differingFields },
    });
  }
}
