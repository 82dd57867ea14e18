/** What the databases of one restore are called at their server (change-engine.md 6.4). */
export type Names = {
  /** That services connect to. */
  live: string;
  /** That the copy is loaded into. */
  fresh: string;
  /** That the replaced one has afterwards. */
  former: string;
};

/** Longest name of PostgreSQL, bytes (NAMEDATALEN - 1). */
const LONGEST = 63;

export function restoreNames(live: string, change: number): Names {
  const number = `c${String(change).padStart(7, '0')}`;
  return { live, fresh: withSuffix(live, `_r_${number}`), former: withSuffix(live, `_pre_${number}`) };
}

/** Long names lose their end, whole characters at a time: the server would cut them without a word. */
function withSuffix(name: string, suffix: string): string {
  const characters = [...name];
  while (Buffer.byteLength(characters.join('') + suffix) > LONGEST) characters.pop();
  return characters.join('') + suffix;
}
