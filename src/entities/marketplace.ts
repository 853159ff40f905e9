import { boundedText } from "./bounded-text.js";

/** The marketplaces that action types are seeded for. A host may use any other name. */
export const knownMarketplaces = ["vinted", "ebay", "etsy"] as const;

export type KnownMarketplace = (typeof knownMarketplaces)[number];

/** The name of a marketplace: any text of 1–50 characters. An editor offers the known ones. */
export type Marketplace = KnownMarketplace | (string & {});

/** A marketplace as a caller names it, compared exactly. */
export const marketplaceSchema = boundedText("a marketplace", 50);
