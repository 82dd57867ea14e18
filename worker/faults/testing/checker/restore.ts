/** A database of the served server, by its own word. */
export type Held = { name: string; oid: number; isOpen: boolean };

/** What a restore may do: the served name, and the database that had it when the change was signed. */
export type Served = { name: string; oid: number };

/** R1: one database has the served name at every moment. R2: the one that had it is never dropped. R3: in the end the
 * name lets everybody in, and is where the change says. R4: nothing is left behind that nobody knows of. */
export const restoreInvariants = ['R1', 'R2', 'R3', 'R4'] as const;
export type RestoreViolation = { invariant: (typeof restoreInvariants)[number]; what: string };

/** At every moment outside of a transaction. */
export function checkMoment(held: readonly Held[], { name, oid }: Served): RestoreViolation[] {
  const live = held.filter((one) => one.name === name).length;
  return [
    ...(live === 1 ? [] : [{ invariant: 'R1' as const, what: `${live} databases had the served name.` }]),
    ...(held.some((one) => one.oid === oid)
      ? []
      : [{ invariant: 'R2' as const, what: 'The database that had the name was dropped.' }]),
  ];
}

/** When the change has ended and nobody of it lives any more; `known`: names that stand as set aside. */
export function checkEnd(
  held: readonly Held[],
  served: Served,
  { isRestored, known }: { isRestored: boolean; known: readonly string[] },
): RestoreViolation[] {
  const live = held.find((one) => one.name === served.name);
  const found = checkMoment(held, served);
  if (live?.isOpen !== true) found.push({ invariant: 'R3', what: 'Nobody gets into the served database.' });
  if ((live?.oid !== served.oid) !== isRestored)
    found.push({ invariant: 'R3', what: `The name is ${isRestored ? 'not moved' : 'moved'}.` });
  for (const { name } of held.filter((one) => one.name !== served.name && !known.includes(one.name)))
    found.push({ invariant: 'R4', what: `${name} was left behind, and nobody knows of it.` });
  return found;
}
