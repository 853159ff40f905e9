interface SchemaMessage {
  readonly schema: string;
  readonly message: string;
}

/** What stands for the schema's own name in a message that many schemas share. */
const ANY_SCHEMA = "<schema>";

/** A character that goes on with a name, so that user_1 is not found in user_12. */
const NAME_CHARACTER = /[\p{L}\p{N}_$]/u;

/** The message as it would be for any other schema: equal for failures that differ by the schema's name alone. */
export function alikeMessage({ schema, message }: SchemaMessage): string {
  return message
    .split(schema)
    .reduce((before, after) =>
      goesOn(before.at(-1)) || goesOn(after.at(0)) ? before + schema + after : before + ANY_SCHEMA + after,
    );
}

/** The message of one schema as it is, and of several in the words that they share. */
export function messageOfGroup(group: readonly SchemaMessage[]): string {
  const [first] = group;
  if (first === undefined) return "";
  return group.every(({ message }) => message === first.message) ? first.message : alikeMessage(first);
}

function goesOn(character: string | undefined): boolean {
  return character !== undefined && NAME_CHARACTER.test(character);
}
