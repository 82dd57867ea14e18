import { colours } from '@/lib/config/colours';
import type { ChangeKind } from '@/lib/core/change-kind';
import { OpsError } from '@/lib/core/errors';
import { api } from '@/lib/core/paths';
import { monotonicMs, sleep } from '@/lib/core/time';
import { RevisionsAnswer } from './change-answers';
import type { Talk } from './change-connect';
import { UsageError } from './command';

const REVISIONS_PATIENCE_MS = 20_000;
const POLL_MS = 500;

/** In place of a revision: back to the colour that has no requests now, whose pods are still there. */
const OTHER_COLOUR = 'other-colour';

export type Place = { service: string; environment: string; region: string };
/** What one kind takes beside the place, and what it asks for with that. */
type Asking = {
  takes: string;
  does: string;
  input: (place: Place, rest: readonly string[], talk: Talk) => object | Promise<object>;
};

export const asking: Record<ChangeKind, Asking> = {
  deploy: {
    takes: 'VERSION',
    does: 'Plan a deploy',
    input: (place, [version]) => ({ kind: 'deploy', ...place, version }),
  },
  rollback: {
    takes: `VERSION|REPLICASET|${OTHER_COLOUR}|--last-known-good`,
    does: 'Plan the way back to the last known good, to a revision that the cluster still has, or to the other colour of the pair,',
    input: async (place, [wanted], talk) => ({
      kind: 'rollback',
      ...place,
      // Without one, --last-known-good says it.
      ...(wanted === undefined || wanted === OTHER_COLOUR
        ? {}
        : { replicaSet: await findRevision(talk, place, wanted) }),
    }),
  },
  shift: {
    takes: 'COLOUR WEIGHT',
    does: 'Plan another share of the requests for one colour',
    input: (place, [colour, weight]) => ({ kind: 'shift', ...place, colour, weight: Number(weight) }),
  },
  scale: {
    takes: 'REPLICAS',
    does: 'Plan another number of pods, with --colour of one colour of a pair (the idle one may have 0),',
    input: (place, [replicas]) => ({ kind: 'scale', ...place, replicas: Number(replicas) }),
  },
  restart: {
    takes: '',
    does: 'Plan a restart',
    input: (place) => ({ kind: 'restart', ...place }),
  },
  'set-env': {
    takes: 'NAME VALUE',
    does: 'Plan another value of an environment variable',
    input: (place, [name, value]) => ({ kind: 'set-env', ...place, name, value }),
  },
  backup: {
    takes: 'DATABASE',
    does: 'Plan one more copy of a database, proven as those of its schedule are,',
    input: (place, [database]) => ({ kind: 'backup', ...place, database }),
  },
  'end-session': {
    takes: 'DATABASE PID STARTED',
    does: 'Plan the end of a session of a database, named by its process and the backend_start of that,',
    input: (place, [database, pid, startedAt]) => ({
      kind: 'end-session',
      ...place,
      database,
      pid: Number(pid),
      startedAt,
    }),
  },
  restore: {
    takes: 'DATABASE COPY',
    does: 'Plan to put a copy back, named by its id, in place of what a database has now,',
    input: (place, [database, copy]) => ({ kind: 'restore', ...place, database, copy }),
  },
};

/** What single kinds take besides. */
export const kindOptions = {
  redeploy: { type: 'boolean' },
  strategy: { type: 'string' },
  migration: { type: 'string' },
  maintenance: { type: 'boolean' },
  regions: { type: 'string' },
  'on-failure': { type: 'string' },
  colour: { type: 'string' },
  'last-known-good': { type: 'boolean' },
  'no-safety-copy': { type: 'boolean' },
  confirm: { type: 'string' },
} as const;
type KindOption = keyof typeof kindOptions;

const takenBy: Record<KindOption, readonly ChangeKind[]> = {
  redeploy: ['deploy'],
  strategy: ['deploy'],
  migration: ['deploy'],
  maintenance: ['deploy'],
  regions: ['deploy', 'rollback', 'shift'],
  'on-failure': ['deploy', 'shift'],
  colour: ['scale'],
  'last-known-good': ['rollback'],
  'no-safety-copy': ['restore'],
  confirm: ['restore'],
};
const optionWords: Record<Exclude<KindOption, 'regions' | 'last-known-good'>, string> = {
  redeploy: '[--redeploy]',
  strategy: '[--strategy rolling|blue-green|canary|gradual|big-bang]',
  migration: '[--migration reversible|forward-only|destructive]',
  maintenance: '[--maintenance]',
  'on-failure': '[--on-failure back-out-all|keep-finished]',
  colour: `[--colour ${colours.join('|')}]`,
  'no-safety-copy': '[--no-safety-copy]',
  confirm: '--confirm SERVICE',
};

export const regionUsage = (kind: ChangeKind): string =>
  takenBy.regions.includes(kind) ? '(--region R | --regions R,R…)' : '--region R';

export const optionsUsage = (kind: ChangeKind): string =>
  (
    [
      'redeploy',
      'strategy',
      'migration',
      'maintenance',
      'on-failure',
      'colour',
      'no-safety-copy',
      'confirm',
    ] as const
  )
    .filter((option) => takenBy[option].includes(kind))
    .map((option) => ` ${optionWords[option]}`)
    .join('');

type KindValues = { [K in KindOption]?: string | boolean | undefined } & { region?: string | undefined };
type Chosen = {
  redeploy?: true;
  strategy?: string;
  migration?: string;
  maintenance?: true;
  regions?: string[];
  onFailure?: string;
  colour?: string;
  lastKnownGood?: true;
  safetyCopy?: false;
};

/** The options of this kind as members of the question. Throws UsageError for one that another kind takes. */
export function readKindOptions(kind: ChangeKind, values: KindValues, usage: string): Chosen {
  for (const [option, kinds] of Object.entries(takenBy)) {
    const given = Object.entries(values).some(([name, value]) => name === option && value !== undefined);
    if (given && !kinds.includes(kind))
      throw new UsageError(
        `--${option} is for ${kinds.map((one) => `change ${one}`).join(', ')} alone.`,
        usage,
      );
  }
  const { redeploy, strategy, migration, maintenance, regions, 'on-failure': onFailure, colour } = values;
  if (typeof regions === 'string' && values.region !== undefined)
    throw new UsageError('--regions names them all, in order; --region is not given beside it.', usage);
  return {
    // X-16: a version that runs already, or a tag that moves, goes out only when that is said.
    ...(redeploy === true ? { redeploy } : {}),
    ...(typeof strategy === 'string' ? { strategy } : {}),
    ...(typeof migration === 'string' ? { migration } : {}),
    ...(maintenance === true ? { maintenance } : {}),
    ...(typeof regions === 'string' ? { regions: regions.split(',').map((region) => region.trim()) } : {}),
    ...(typeof onFailure === 'string' ? { onFailure } : {}),
    // Of a pair: absent, the colour that takes the requests; 0 pods are for the idle one, which has to be named.
    ...(typeof colour === 'string' ? { colour } : {}),
    ...(values['last-known-good'] === true ? { lastKnownGood: true } : {}),
    ...(values['no-safety-copy'] === true ? { safetyCopy: false } : {}),
  };
}

/** A version or the name of a ReplicaSet as the revision to go back to. Never a guess: what fits twice is refused. */
async function findRevision(talk: Talk, { service, ...where }: Place, wanted: string): Promise<string> {
  const known = await readRevisions(talk, api.serviceRevisions(service, where));
  const earlier = known.filter(({ isCurrent }) => !isCurrent);
  const fits = earlier.filter(({ replicaSet, version }) => replicaSet === wanted || version === wanted);
  const [one] = fits;
  if (one !== undefined && fits.length === 1) return one.replicaSet;
  const list = (some: typeof earlier) =>
    some.map(({ version, replicaSet }) => `${version} (${replicaSet})`).join(', ') || 'none';
  throw one === undefined
    ? new OpsError('not-found', `There is no earlier revision ${wanted}.`, {
        next: `There are: ${list(earlier)}.`,
      })
    : new OpsError('precondition', `${fits.length} revisions are of version ${wanted}.`, {
        next: `Name the ReplicaSet: ${list(fits)}.`,
      });
}

type Revisions = NonNullable<RevisionsAnswer['revisions']['value']>;

/** A web that has just started does not know its clusters yet: asked again for a while. Throws OpsError `unavailable`. */
async function readRevisions({ console, signal }: Talk, path: string): Promise<Revisions> {
  for (const until = monotonicMs() + REVISIONS_PATIENCE_MS; ; ) {
    const { revisions } = await console.get(RevisionsAnswer, path);
    if (revisions.value !== undefined) return revisions.value;
    if (signal.aborted || monotonicMs() >= until) {
      const why = revisions.detail ?? revisions.reason ?? 'no reason given';
      throw new OpsError('unavailable', `The revisions cannot be read now: ${why}`, {
        next: 'Look at the page of the service: it says which cluster does not answer.',
      });
    }
    await sleep(POLL_MS, signal);
  }
}
