import type { Fleet, TenantFleets } from "./tenant-fleet.js";

/** Up to here each turn works on a whole fleet, as a user's run does; copies of larger ones would fill the disk. */
const MOST_COPIED = 1_000;
/** The most that one turn is given of a larger one: more say nothing new, and the turns of a round get far apart. */
const MOST_PER_TURN = 1_000;

/** What one turn works on. */
export interface UntouchedFleet extends Fleet {
  /** These are all tenants of their database. */
  readonly isWhole: boolean;
}

/** Tenants that nobody has worked on, for each turn: all of a copy, or the next ones of a database too large for that. */
export class UntouchedTenants {
  readonly perTurn: number;
  readonly #fleets: TenantFleets;
  readonly #fleet: Fleet;
  readonly #isCopied: boolean;
  #taken = 0;

  /** @param turns - How many turns have to go round. */
  constructor(fleets: TenantFleets, fleet: Fleet, turns: number) {
    const { length } = fleet.schemas;
    this.#fleets = fleets;
    this.#fleet = fleet;
    this.#isCopied = length <= MOST_COPIED;
    this.perTurn = this.#isCopied ? length : Math.min(MOST_PER_TURN, Math.floor(length / turns));
  }

  async take(count = this.perTurn): Promise<UntouchedFleet> {
    if (this.#isCopied) {
      const copy = await this.#fleets.copyOf(this.#fleet);
      return { ...copy, schemas: copy.schemas.slice(0, count), isWhole: count === copy.schemas.length };
    }
    const schemas = this.#fleet.schemas.slice(this.#taken, this.#taken + count);
    if (schemas.length < count) throw new RangeError("no tenants are left that nobody has worked on");
    this.#taken += count;
    return { ...this.#fleet, schemas, isWhole: false };
  }

  async giveBack(taken: Fleet): Promise<void> {
    if (this.#isCopied) await this.#fleets.drop(taken);
  }
}
