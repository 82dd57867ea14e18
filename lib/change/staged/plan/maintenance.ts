import { formatDuration } from '@/lib/core/duration';
import type { StagedStep } from '../contract';
import { keyOf } from './objects';
import type { Switchable } from './read-region';
import type { Planned } from './steps';
import type { Work } from './work';

/** One write of a ConfigMap, in seconds: what a plan counts for it. */
const WRITE_SECONDS = 2;

/**
 * The steps with maintenance mode around the migration (DEP-17, X-18): on in every region before it, since all of them
 * have the one database; off again once the requests of the first region go to the new version. What the analysis
 * sees of the time between tells nothing of a version (judged.ts).
 */
export function withMaintenance(works: readonly Work[], steps: readonly Planned[]): Planned[] {
  const first = steps.findIndex(({ step }) => step.do === 'job');
  const places = works.flatMap((work) =>
    work.region.maintenance === null ? [] : [{ work, maintenance: work.region.maintenance }],
  );
  if (first < 0 || places.length === 0) return [...steps];
  const routers = works.flatMap(({ region }) =>
    region.router === null ? [] : [keyOf(region, region.router.kind, region.router.name)],
  );
  const isRoute = ({ step }: Planned) => step.do === 'write' && routers.includes(step.object);
  const routed = steps.findIndex((one, index) => index > first && isRoute(one));
  // A big bang writes the routers of all regions one after the other.
  const proven = steps.findIndex((one, index) => index > routed && !isRoute(one));
  const turn = (on: boolean) => places.map(({ work, maintenance }) => write(work, maintenance, on));
  return [
    ...steps.slice(0, first),
    ...turn(true),
    settle(places, 'refuses its requests'),
    ...steps.slice(first, proven),
    ...turn(false),
    settle(places, 'answers again'),
    ...steps.slice(proven),
  ];
}

type Place = { work: Work; maintenance: Switchable };

const objectOf = ({ region }: Work, { settings }: Switchable): string =>
  keyOf(region, 'ConfigMap', settings.configMap);

function write(work: Work, maintenance: Switchable, on: boolean): Planned {
  const { settings } = maintenance;
  const { configMap, key } = settings;
  return {
    step: {
      do: 'write',
      object: objectOf(work, maintenance),
      set: { [key]: on ? settings.on : settings.off },
    },
    title: `${work.region.region}: maintenance mode ${on ? 'on' : 'off'}`,
    usualSeconds: WRITE_SECONDS,
    detail: on
      ? `The key ${key} of ConfigMap ${configMap}: all requests fail from here on, and the status page says so. An abort takes it back; a pause, a hold or FREEZE leaves it on.`
      : `The key ${key} of ConfigMap ${configMap} as it was: requests are answered again.`,
  };
}

/** All regions were written by then, so one wait is for all of them. */
function settle(places: readonly Place[], what: string): Planned {
  const seconds = settleOf(places);
  const [first] = places;
  if (first === undefined) throw new Error('There is no region to wait for.');
  const { work, maintenance } = first;
  return {
    step: { do: 'drain', object: objectOf(work, maintenance), seconds },
    title: `${work.region.region}: wait ${formatDuration(seconds)} until every pod ${what}`,
    usualSeconds: seconds,
    detail: 'Pods that mount a ConfigMap see a new text only after a while.',
  };
}

const settleOf = (places: readonly Place[]): number =>
  Math.max(...places.map(({ maintenance }) => maintenance.settings.settle));

/** How long requests are refused at most when nothing holds the change, and where; null: they are not. */
export function refusedFor(
  works: readonly Work[],
  steps: readonly StagedStep[],
): { n: number; regions: string[]; seconds: number } | null {
  const index = steps.findIndex((step) => step.do === 'job');
  const job = steps[index];
  const regions = works
    .filter(({ region }) => region.maintenance !== null)
    .map(({ region }) => region.region);
  const keys = works.flatMap((work) =>
    work.region.maintenance === null ? [] : [objectOf(work, work.region.maintenance)],
  );
  if (job?.do !== 'job' || regions.length === 0) return null;
  const waits = steps.reduce(
    (sum, step) => sum + (step.do === 'drain' && keys.includes(step.object) ? step.seconds : 0),
    0,
  );
  const writes = steps.filter((step) => step.do === 'write' && keys.includes(step.object)).length + 1;
  return { n: index + 1, regions, seconds: job.timeoutSeconds + waits + writes * WRITE_SECONDS };
}
