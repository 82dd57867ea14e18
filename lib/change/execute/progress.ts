import { z } from 'zod';
import { isComplete, type Live, netProgress, readyNewPods } from '../rollout';

/** Since when the old pods of a region have not become more, on the way back. */
export const ShortClock = z.object({ best: z.int(), sinceMs: z.number(), seenAtMs: z.number() });
export type ShortClock = z.infer<typeof ShortClock>;

/** The engine's own clock of a rollout: it runs on net progress, never on what a flapping pod shows. */
export const Progress = z.object({
  best: z.number().nullable(),
  progressAtMs: z.number(),
  firstReadyAtMs: z.number().nullable(),
  /** Time of the last look; the clock stands still while the cluster cannot be seen. */
  seenAtMs: z.number(),
  /** `held`, `back` or `forth`: another direction starts another clock. */
  phase: z.string(),
  /** By region; only on the way back of a change in steps. */
  short: z.record(z.string(), ShortClock).optional(),
});
export type Progress = z.infer<typeof Progress>;

export const startProgress = (nowMs: number): Progress => ({
  best: null,
  progressAtMs: nowMs,
  firstReadyAtMs: null,
  seenAtMs: nowMs,
  phase: '',
});

/** One more look; `live` is null when the cluster did not answer. `acted`: the new version has been written. */
export function followProgress(
  progress: Progress,
  live: Live | null,
  at: { nowMs: number; phase: string; acted: boolean },
): Progress {
  const { nowMs, phase, acted } = at;
  if (live === null) {
    const blindMs = nowMs - progress.seenAtMs;
    return { ...progress, progressAtMs: progress.progressAtMs + blindMs, seenAtMs: nowMs };
  }
  const current = netProgress(live);
  const rose = progress.best === null || current > progress.best || isComplete(live);
  const fresh = phase !== progress.phase || phase === 'held';
  return {
    best: fresh ? current : Math.max(progress.best ?? current, current),
    progressAtMs: fresh || rose ? nowMs : progress.progressAtMs,
    firstReadyAtMs: progress.firstReadyAtMs ?? (acted && readyNewPods(live) > 0 ? nowMs : null),
    seenAtMs: nowMs,
    phase,
  };
}

/** One more look at the ready old pods of a region; `ready` is null when its cluster did not answer. */
export function followShort(clock: ShortClock | undefined, ready: number | null, nowMs: number): ShortClock {
  if (clock === undefined) return { best: ready ?? 0, sinceMs: nowMs, seenAtMs: nowMs };
  if (ready === null) return { ...clock, sinceMs: clock.sinceMs + nowMs - clock.seenAtMs, seenAtMs: nowMs };
  return ready > clock.best
    ? { best: ready, sinceMs: nowMs, seenAtMs: nowMs }
    : { ...clock, seenAtMs: nowMs };
}

/** After a worker went away: its clocks have stood still for as long as nobody looked. */
export function resumeProgress(progress: Progress, nowMs: number): Progress {
  const awayMs = Math.max(0, nowMs - progress.seenAtMs);
  return {
    ...progress,
    progressAtMs: progress.progressAtMs + awayMs,
    firstReadyAtMs: progress.firstReadyAtMs === null ? null : progress.firstReadyAtMs + awayMs,
    seenAtMs: nowMs,
    ...(progress.short === undefined
      ? {}
      : { short: mapShort(progress.short, (clock) => followShort(clock, null, nowMs)) }),
  };
}

const mapShort = <T>(short: Record<string, ShortClock>, of: (clock: ShortClock) => T): Record<string, T> =>
  Object.fromEntries(Object.entries(short).map(([region, clock]) => [region, of(clock)]));

const bestOf = ({ short = {} }: Progress): string => JSON.stringify(mapShort(short, ({ best }) => best));

/** Milliseconds between two times that it is kept when nothing else changed. */
const KEPT_EVERY_MS = 10_000;

/** Worth keeping: it moved, or the time of the last look would be told too early. */
export const isNews = (kept: Progress | null, progress: Progress): boolean =>
  kept === null ||
  kept.best !== progress.best ||
  kept.phase !== progress.phase ||
  kept.firstReadyAtMs !== progress.firstReadyAtMs ||
  bestOf(kept) !== bestOf(progress) ||
  progress.seenAtMs - kept.seenAtMs >= KEPT_EVERY_MS;
