/** Why a file cannot be written, as a sentence. */
export function reasonOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === "ENOENT") return "there is no such folder.";
  if (code === "ENOTDIR") return "what should be its folder is a file.";
  if (code === "EACCES" || code === "EPERM") return "the folder may not be written to.";
  if (code === "EROFS") return "the file system is read-only.";
  if (code === "ENOSPC" || code === "EDQUOT") return "no space is left.";
  return error instanceof Error ? error.message : String(error);
}
