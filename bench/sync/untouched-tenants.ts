import type { Fleet, TenantFleets } from "./tenant-fleet.js";

/** The most that one turn is given: more say nothing new, and the turns of one round get far apart. */
const MOST_PER_TURN = 250;
/** With fewer, what a run does once weighs more than what it does for each tenant. */
const LEAST_PER_TURN = 40;

/**
 * Tenants that nobody has worked on, for each turn: the next ones of a large database, or all of a copy of a small one,
 * which takes no time.
 */
export class UntouchedTenants {
  readonly perTurn: number;
  readonly #fleets: TenantFleets;
  readonly #fleet: Fleet;
  readonly #isCopied: boolean;
  #taken = 0;

  /** @param turns - How many turns have to go round. */
  constructor(fleets: TenantFleets, fleet: Fleet, turns: number) {
    this.#fleets = fleets;
    this.#fleet = fleet;
    const inTurn = Math.floor(fleet.schemas.length / turns);
    this.#isCopied = inTurn < LEAST_PER_TURN;
    this.perTurn = Math.min(MOST_PER_TURN, this.#isCopied ? fleet.schemas.length : inTurn);
  }

  async take(count = this.perTurn): Promise<Fleet> {
    if (this.#isCopied) {
      const copy = await this.#fleets.copyOf(this.#fleet);
      return { ...copy, schemas: copy.schemas.slice(0, count) };
    }
    const schemas = this.#fleet.schemas.slice(this.#taken, this.#taken + count);
    if (schemas.length < count) throw new RangeError("no tenants are left that nobody has worked on");
    this.#taken += count;
    return { ...this.#fleet, schemas };
  }

  async giveBack(taken: Fleet): Promise<void> {
    if (this.#isCopied) await this.#fleets.drop(taken);
  }
}
