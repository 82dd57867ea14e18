/** Something that is wrong with the copies of a database, or with an archive, and that people are told once. */
export type Trouble = {
  /** `database:shop` or `archive:audit`. */
  subject: string;
  /** `failed`, `missed`, or `spoilt:` with the object. */
  trouble: string;
  sentence: string;
};

export const spoilt = (object: string): string => `spoilt:${object}`;

/** What was told and what is found now: what is new, and what is well again. */
export function changesOf(
  told: readonly Trouble[],
  found: readonly Trouble[],
): { opened: Trouble[]; closed: Trouble[] } {
  const key = ({ subject, trouble }: Trouble): string => `${subject} ${trouble}`;
  const [before, now] = [new Set(told.map(key)), new Set(found.map(key))];
  return {
    opened: found.filter((one) => !before.has(key(one))),
    closed: told.filter((one) => !now.has(key(one))),
  };
}

/** What is told when it begins. `name` is that of the database or archive. */
export function openedText(
  name: string,
  { trouble, sentence }: Trouble,
): { title: string; sentence: string } {
  if (trouble === 'failed') return { title: `${name}: the last run failed`, sentence };
  if (trouble === 'missed') return { title: `${name}: runs were missed`, sentence };
  return { title: `${name}: ${trouble.slice('spoilt:'.length)} is spoilt`, sentence };
}

/** What is told when it is over. */
export function closedText(name: string, { trouble }: Trouble): { title: string; sentence: string } {
  if (trouble === 'failed') return { title: `${name}: well again`, sentence: 'A run has ended well since.' };
  if (trouble === 'missed') return { title: `${name}: well again`, sentence: 'No run is missing any more.' };
  const object = trouble.slice('spoilt:'.length);
  return { title: `${name}: well again`, sentence: `${object} passes its checks again, or was deleted.` };
}

const mostNamed = 2;

/** One sentence for the overview, which names the page; empty while nothing is wrong. */
export function troubleWords(names: readonly string[]): string {
  const each = [...new Set(names)];
  if (each.length === 0) return '';
  const rest = each.length - mostNamed;
  const listed = each.slice(0, mostNamed).join(rest > 0 ? ', ' : ' and ');
  return `Backups need a look: ${listed}${rest > 0 ? ` and ${rest} more` : ''}.`;
}
