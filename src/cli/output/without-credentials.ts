/** From the scheme to the last @ before the next blank, because a password may hold an @ of its own. */
const CREDENTIALS = /\b(postgres(?:ql)?:\/\/)[^\s"'`<>]*@/gi;

/**
 * The text without the user and password of any connection URL in it. Nothing here is meant to print one; a mistyped
 * flag that is quoted back, or the message of a host's own migration, might.
 */
export function withoutCredentials(text: string): string {
  return text.replace(CREDENTIALS, "$1***@");
}
