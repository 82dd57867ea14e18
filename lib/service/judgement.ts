import { type ServiceRow, type ServiceState, serviceStates } from './contract';

export type Sentence = { state: ServiceState; lead: string; rest: string };

const rank = (state: ServiceState): number => serviceStates.indexOf(state);

/** Worst first, then by name and region: the order of the overview. */
export const byState = (a: ServiceRow, b: ServiceRow): number =>
  rank(a.state) - rank(b.state) || a.name.localeCompare(b.name) || a.region.localeCompare(b.region);

const verbs: Record<ServiceState, [one: string, many: string]> = {
  down: ['is down', 'are down'],
  'burning-fast': ['burns its error budget fast', 'burn their error budgets fast'],
  'burning-slow': ['burns its error budget slowly', 'burn their error budgets slowly'],
  degraded: ['is degraded', 'are degraded'],
  'no-data': ['cannot be judged', 'cannot be judged'],
  deploying: ['is being deployed', 'are being deployed'],
  healthy: ['is healthy', 'are healthy'],
};

const number = (count: number): string =>
  ['No', 'One', 'Two', 'Three', 'Four', 'Five', 'Six', 'Seven', 'Eight', 'Nine'][count] ?? String(count);

function phrase(rows: readonly ServiceRow[], state: ServiceState): string {
  const names = [...new Set(rows.map(({ name }) => name))];
  const [one, many] = verbs[state];
  const first = rows[0];
  if (first === undefined) return '';
  if (rows.length === 1) return `${first.name} ${one} in ${first.region}`;
  if (names.length === 1) return `${first.name} ${one} in ${rows.length} regions`;
  return `${number(rows.length)} placements ${many}`;
}

/**
 * With what a pulled switch holds and what can wait until the rest is read. A switch stands before everything but what
 * is wrong: that something is being deployed is not what matters while nothing moves.
 */
export function withSwitches(sentence: Sentence, stopped: string, later: string): Sentence {
  const { state, lead, rest } = sentence;
  const joined = (...parts: string[]) => parts.filter((part) => part !== '').join(' ');
  return stopped !== '' && (state === 'deploying' || state === 'healthy')
    ? { state: 'degraded', lead: stopped, rest: joined(lead, rest, later) }
    : { state, lead, rest: joined(stopped, rest, later) };
}

/** The judgement at the top of the overview: the worst that is true, then what else is. */
export function judgement(rows: readonly ServiceRow[]): Sentence {
  if (rows.length === 0) return { state: 'no-data', lead: 'Nothing runs in this environment.', rest: '' };
  const groups = serviceStates
    .map((state) => ({ state, rows: rows.filter((row) => row.state === state) }))
    .filter((group) => group.rows.length > 0);
  const [worst, ...others] = groups;
  if (worst === undefined) return { state: 'no-data', lead: 'Nothing can be judged.', rest: '' };
  if (worst.state === 'healthy') {
    const count = new Set(rows.map(({ service }) => service)).size;
    const lead = count === 1 ? `${rows[0]?.name} is healthy.` : `All ${count} services are healthy.`;
    return { state: 'healthy', lead, rest: 'No error budget burns faster than its alerts allow.' };
  }
  const rest = [
    ...(worst.rows.length === 1 && worst.rows[0]?.cause ? [worst.rows[0].cause] : []),
    ...others.map((group) => `${phrase(group.rows, group.state)}.`),
  ];
  return { state: worst.state, lead: `${phrase(worst.rows, worst.state)}.`, rest: rest.join(' ') };
}
