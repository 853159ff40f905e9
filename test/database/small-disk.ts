import { spawnSync } from "node:child_process";
import { chown, mkdtemp, rm, statfs, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { serverUser, temporaryFolderFor } from "./server-user.js";

/** A file system of a few megabytes that the server can have a tablespace on. */
export interface SmallDisk {
  readonly folder: string;
  /** Takes all that is left but so many bytes. */
  fillUpTo(bytesLeft: number): Promise<void>;
  /** Gives back what was taken. */
  empty(): Promise<void>;
  /** To be called when the server has let go of it. */
  remove(): Promise<void>;
}

/** Undefined where this process may not mount: who is not root, and root in most containers. */
export async function mountSmallDisk(megabytes: number): Promise<SmallDisk | undefined> {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return undefined;
  const user = serverUser();
  const parent = await mkdtemp(join(temporaryFolderFor(user), "marketplace-jobs-disk-"));
  if (user !== undefined) await chown(parent, user.uid, user.gid);
  const options = [
    `size=${megabytes}m`,
    "mode=0700",
    ...(user === undefined ? [] : [`uid=${user.uid}`, `gid=${user.gid}`]),
  ];
  const { status } = spawnSync("mount", ["-t", "tmpfs", "-o", options.join(","), "tmpfs", parent], { stdio: "ignore" });
  if (status !== 0) {
    await rm(parent, { recursive: true });
    return undefined;
  }
  const filler = join(parent, "filler");
  return {
    folder: parent,
    async fillUpTo(bytesLeft) {
      const { bavail, bsize } = await statfs(parent);
      await writeFile(filler, Buffer.alloc(Math.max(0, bavail * bsize - bytesLeft)));
    },
    async empty() {
      await rm(filler, { force: true });
    },
    async remove() {
      spawnSync("umount", [parent], { stdio: "ignore" });
      await rm(parent, { recursive: true, force: true });
    },
  };
}
