import type { StagedStep } from './contract';
import type { Staged, StagedPlan } from './staged-plan';

type Plan = Pick<StagedPlan, 'steps' | 'staged'>;

/** The region of a step; null: of all of them. */
export function regionOf({ objects }: Pick<Staged, 'objects'>, step: StagedStep): string | null {
  if ('region' in step) return step.region;
  if (!('object' in step)) return null;
  return objects.find(({ key }) => key === step.object)?.region ?? null;
}

/** The steps that take the regions one after the other: all before the watch, which is of all of them. */
export function stepsBeforeWatch(steps: readonly StagedStep[]): readonly StagedStep[] {
  const watch = steps.findIndex((step) => step.do === 'watch');
  return watch < 0 ? steps : steps.slice(0, watch);
}

export type ScheduledStep = {
  n: number;
  region: string | null;
  /** Without the region, where the steps stand below its name. */
  title: string;
  detail: string;
  /** Expected seconds from the start of the change; counts steps whose time is not known as none. */
  startsSeconds: number;
  /** A step before it takes a time that is not known: it starts then at the earliest. */
  isEarliest: boolean;
  usualSeconds: number | null;
  /** Part of the region's requests that the new version has from this step on; null: the step does not say. */
  share: number | null;
};

/** The steps of a staged plan with their region and when each is expected to begin. */
export function scheduleOf({ steps, staged }: Plan): ScheduledStep[] {
  let startsSeconds = 0;
  let isEarliest = false;
  return steps.flatMap(({ n, title, detail, usualSeconds }) => {
    const step = staged.steps[n - 1];
    if (step === undefined) return [];
    const region = regionOf(staged, step);
    const prefix = `${region}: `;
    const bare = region !== null && title.startsWith(prefix) ? capital(title.slice(prefix.length)) : title;
    const share = step.do === 'prove' || step.do === 'hold' ? step.share : null;
    const scheduled = { n, region, title: bare, detail, startsSeconds, isEarliest, usualSeconds, share };
    startsSeconds += usualSeconds ?? 0;
    isEarliest ||= usualSeconds === null;
    return [scheduled];
  });
}

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

/** Steps that follow one another in the same region. */
export type StepGroup<T> = { region: string | null; steps: T[] };

export function groupByRegion<T extends { region: string | null }>(steps: readonly T[]): StepGroup<T>[] {
  const groups: StepGroup<T>[] = [];
  for (const step of steps) {
    const last = groups.at(-1);
    if (last !== undefined && last.region === step.region) last.steps.push(step);
    else groups.push({ region: step.region, steps: [step] });
  }
  return groups;
}

/** What the requests of one region are expected to do: the share from each moment on. */
export type RegionShares = { region: string; moments: { atSeconds: number; share: number }[] };
/** `isEarliest`: a step takes a time that is not known, so that all of it may take longer. */
export type Timeline = { totalSeconds: number; isEarliest: boolean; regions: RegionShares[] };

/** The shares of the new version over the time that the steps usually take (change-engine.md 2.4). */
export function timelineOf(plan: Plan): Timeline {
  const schedule = scheduleOf(plan);
  const last = schedule.at(-1);
  const totalSeconds = last === undefined ? 0 : last.startsSeconds + (last.usualSeconds ?? 0);
  const regions = plan.staged.shares.map(({ region, before }) => {
    const moments = [{ atSeconds: 0, share: before }];
    for (const step of schedule) {
      if (step.region !== region || step.share === null) continue;
      if (moments.at(-1)?.share !== step.share)
        moments.push({ atSeconds: step.startsSeconds, share: step.share });
    }
    return { region, moments };
  });
  return { totalSeconds, isEarliest: schedule.some(({ usualSeconds }) => usualSeconds === null), regions };
}
