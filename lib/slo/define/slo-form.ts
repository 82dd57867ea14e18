import type { z } from 'zod';
import type { Slo } from '@/lib/config/slo';

/** An objective as it is written in signalbox.yaml. */
export type SloForm = z.input<typeof Slo>;

const units = [
  ['d', 86_400],
  ['h', 3600],
  ['m', 60],
  ['s', 1],
] as const;

/** `30d`, `90m`: whole seconds in the largest unit that divides them. */
export function durationText(seconds: number): string {
  const [unit, size] = units.find(([, one]) => seconds % one === 0) ?? ['s', 1];
  return `${seconds / size}${unit}`;
}

function windowForm(window: Slo['window']): SloForm['window'] {
  if (window.kind === 'calendar') return { calendar: window.unit, zone: window.zone };
  return durationText(window.seconds);
}

const instant = (seconds: number): string => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');

function exclusionForm(exclusion: Slo['exclusions'][number]): NonNullable<SloForm['exclusions']>[number] {
  if (exclusion.kind === 'once') {
    const { reason, from, to } = exclusion;
    return { from: instant(from), to: instant(to), reason };
  }
  const { reason, rule, starts, zone, seconds } = exclusion;
  return { rule, starts, zone, lasts: durationText(seconds), reason };
}

/** The form of an objective, with what is default left out; parsing it gives the objective again. */
export function sloForm(slo: Slo): SloForm {
  return {
    id: slo.id,
    service: slo.service,
    name: slo.name,
    ...(slo.description === undefined ? {} : { description: slo.description }),
    objective: slo.objective,
    window: windowForm(slo.window),
    ...(slo.method === 'occurrences' ? {} : { method: slo.method }),
    ...(slo.indicator === 'availability' ? {} : { indicator: slo.indicator }),
    ...(slo.scope === 'service' ? {} : { scope: slo.scope }),
    ...(slo.environments === undefined ? {} : { environments: slo.environments }),
    ...(slo.groupBy === undefined ? {} : { groupBy: slo.groupBy }),
    ...(slo.minFailures === 1 ? {} : { minFailures: slo.minFailures }),
    ...(slo.clientErrors.length === 0 ? {} : { clientErrors: slo.clientErrors }),
    ...(slo.maintenance === 'counts' ? {} : { maintenance: slo.maintenance }),
    ...(slo.exclusions.length === 0 ? {} : { exclusions: slo.exclusions.map(exclusionForm) }),
  };
}
