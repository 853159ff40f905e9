import type { Fleet } from "./tenant-fleet.js";

/** The most that one turn is given: more say nothing new, and the turns of one round get far apart. */
const MOST_PER_TURN = 250;

/** The tenants of one large database that nobody has worked on yet, handed out once each. */
export class UntouchedTenants {
  readonly perTurn: number;
  readonly #fleet: Fleet;
  #taken = 0;

  /** @param turns - How many turns have to go round. */
  constructor(fleet: Fleet, turns: number) {
    this.#fleet = fleet;
    this.perTurn = Math.min(MOST_PER_TURN, Math.floor(fleet.schemas.length / turns));
    if (this.perTurn < 1) throw new RangeError(`${fleet.schemas.length} tenants are too few for ${turns} turns`);
  }

  /** The same database, with the next tenants only. */
  take(count = this.perTurn): Fleet {
    const schemas = this.#fleet.schemas.slice(this.#taken, this.#taken + count);
    if (schemas.length < count) throw new RangeError("no tenants are left that nobody has worked on");
    this.#taken += count;
    return { ...this.#fleet, schemas };
  }
}
