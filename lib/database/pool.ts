/** What the arithmetic of connections goes by (X-22, CAP-05); null is not known, and never taken for 0. */
export type PoolInput = {
  /** Pods that run now. */
  pods: number | null;
  /** Connections that each pod keeps, and opens beyond. */
  size: number | null;
  overflow: number;
  pooler: { maxClients: number; poolSize: number; reserve: number } | null;
  /** Connections that the server leaves to clients that are no superusers. */
  usable: number | null;
};

export const poolStates = ['fits', 'tight', 'over', 'unknown'] as const;
export type PoolState = (typeof poolStates)[number];

/** One border between two parts: what one side may open, what the other side takes. */
export type PoolLine = {
  border: 'pods to pooler' | 'pooler to server' | 'pods to server';
  wanted: number | null;
  allowed: number | null;
  state: PoolState;
  /** The sum with its numbers. */
  sum: string;
  /** What that means, as a sentence. */
  sentence: string;
};

/** From here on a border is tight: the alert on a pool fires at the same share (ALT-03). */
export const tightShare = 0.9;

const known = (value: number | null): string => (value === null ? '?' : String(value));

function stateOf(wanted: number | null, allowed: number | null): PoolState {
  if (wanted === null || allowed === null) return 'unknown';
  if (wanted > allowed) return 'over';
  return wanted > allowed * tightShare ? 'tight' : 'fits';
}

function podSide({ pods, size, overflow }: PoolInput): { wanted: number | null; sum: string } {
  const wanted = pods === null || size === null ? null : pods * (size + overflow);
  return { wanted, sum: `${known(pods)} pods × (${known(size)} + ${overflow}) = ${known(wanted)}` };
}

/** How many pods one limit carries; null where a pod has no size. */
const mostPods = ({ size, overflow }: PoolInput, allowed: number): number | null =>
  size === null || size + overflow === 0 ? null : Math.floor(allowed / (size + overflow));

/** `how many pods run and what the pool of a pod is`, of what is not known. */
function unknownOf({ pods, size }: PoolInput, limit: string, allowed: number | null): string {
  const what = [size === null ? 'the pool of a pod' : '', allowed === null ? limit : ''].filter(Boolean);
  const named = what.length === 0 ? '' : `what ${what.join(' and ')} ${what.length === 1 ? 'is' : 'are'}`;
  return [pods === null ? 'how many pods run' : '', named].filter(Boolean).join(' and ');
}

function podLine(
  input: PoolInput,
  border: PoolLine['border'],
  limit: string,
  allowed: number | null,
): PoolLine {
  const { wanted, sum } = podSide(input);
  const state = stateOf(wanted, allowed);
  const line = { border, wanted, allowed, state, sum: `${sum} of ${known(allowed)}` };
  if (state === 'unknown') {
    return { ...line, sentence: `It is not known ${unknownOf(input, limit, allowed)}.` };
  }
  const most = allowed === null ? null : mostPods(input, allowed);
  const carries = most === null ? '' : ` ${allowed} carry ${most} ${most === 1 ? 'pod' : 'pods'}.`;
  if (state === 'over') {
    return { ...line, sentence: `${(wanted ?? 0) - (allowed ?? 0)} more than ${limit} allows.${carries}` };
  }
  return { ...line, sentence: `${state === 'tight' ? 'Little is left.' : 'Fits.'}${carries}` };
}

/**
 * Every border between the pods of a service and its database. With a pooler in between pods meet its limit, and it
 * meets that of the server; without one the pods meet the server themselves. Others that use the same come on top.
 */
export function poolLines(input: PoolInput): PoolLine[] {
  const { pooler, usable } = input;
  if (pooler === null) return [podLine(input, 'pods to server', 'the limit of the server', usable)];
  const servers = pooler.poolSize + pooler.reserve;
  const state = stateOf(servers, usable);
  return [
    podLine(input, 'pods to pooler', 'the limit of the pooler', pooler.maxClients),
    {
      border: 'pooler to server',
      wanted: servers,
      allowed: usable,
      state,
      sum: `${pooler.poolSize} + ${pooler.reserve} = ${servers} of ${known(usable)}`,
      sentence:
        state === 'unknown'
          ? 'It is not known what the limit of the server is.'
          : state === 'over'
            ? `${servers - (usable ?? 0)} more than the server allows.`
            : `${state === 'tight' ? 'Little is left' : 'Fits'}, for one pair of user and database; each further pair has a pool of its own.`,
    },
  ];
}

const order: Record<PoolState, number> = { over: 0, tight: 1, unknown: 2, fits: 3 };

/** The worst border. */
export const worstPoolState = (lines: readonly PoolLine[]): PoolState =>
  lines.map(({ state }) => state).toSorted((a, b) => order[a] - order[b])[0] ?? 'unknown';
