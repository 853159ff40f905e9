import { execFileSync } from "node:child_process";
import { statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname } from "node:path";

/** Who runs the server: PostgreSQL refuses to run as root. */
export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

/** Accounts without rights that a system has anyway, so that nothing on it has to change. */
const ACCOUNTS = ["postgres", "nobody"];

/** An existing account when this process is root's; otherwise undefined, and the server runs as whoever we are. */
export function serverUser(): ServerUser | undefined {
  if (process.getuid?.() !== 0) {
    return undefined;
  }
  for (const account of ACCOUNTS) {
    try {
      const id = (flag: string): number =>
        Number(execFileSync("id", [flag, account], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }));
      return { uid: id("-u"), gid: id("-g") };
    } catch {
      // No such account here: the next one.
    }
  }
  throw new Error(`PostgreSQL does not run as root, and there is no account ${ACCOUNTS.join(" or ")} to run it as.`);
}

/** A folder for temporary files into which that user can descend. */
export function temporaryFolderFor(user: ServerUser | undefined): string {
  const folder = [tmpdir(), "/tmp", "/var/tmp"].find((candidate) => canEnter(candidate, user));
  if (folder === undefined) {
    throw new Error("There is no temporary folder that the server's account can enter. Set TMPDIR to one.");
  }
  return folder;
}

/** Whether that user can descend to the folder, through all that are above it. */
export function canEnter(folder: string, user: ServerUser | undefined): boolean {
  if (user === undefined) {
    return true;
  }
  const found = statSync(folder, { throwIfNoEntry: false });
  if (found === undefined) {
    return false;
  }
  const shift = found.uid === user.uid ? 6 : found.gid === user.gid ? 3 : 0;
  const mayEnter = ((found.mode >> shift) & 1) === 1;
  const parent = dirname(folder);
  return mayEnter && (parent === folder || canEnter(parent, user));
}
