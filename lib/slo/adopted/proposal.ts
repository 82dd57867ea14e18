import { stringify } from 'yaml';
import { explain } from '@/lib/config/explain';
import type { Config } from '@/lib/config/schema';
import { Slo } from '@/lib/config/slo';
import { pathOf } from '@/lib/core/path';
import { slosBlock } from '../define/openslo-import';
import type { Found } from '../define/read-adopted';
import { durationText } from '../define/slo-form';
import { slugOf } from './identity';
import { type RatioQuery, readErrorRatio, readRatio } from './ratio-query';

/** The same objective for signalbox.yaml, or why it cannot be written for a person; `notes` are what to look at. */
export type Proposal = { yaml: string | null; notes: string[] };

function ratioOf({ tool, rules }: Found): RatioQuery | null {
  const named = (name: string) => rules.find((rule) => rule.name === name)?.query;
  const [errors, requests] = [named('pyrra_errors:rate5m'), named('pyrra_requests:rate5m')];
  if (tool === 'pyrra') return errors && requests ? readRatio(errors, requests) : null;
  const [rule] = rules;
  return rule === undefined ? null : readErrorRatio(rule.query);
}

/** What an objective would be in our configuration, where its rules can be read as counters of events. */
export function proposalOf(config: Config, found: Found, environment: string): Proposal {
  const refused = (why: string): Proposal => ({ yaml: null, notes: [why] });
  if (found.objective === null || found.windowSeconds === null) {
    return refused(
      'Its rules do not say which objective and window it has, so both must be written by hand.',
    );
  }
  if (found.rules.length === 0) {
    return refused(
      'This server does not list the rules that record it, so what they count must be written by hand.',
    );
  }
  const ratio = ratioOf(found);
  if (ratio === null) {
    return refused(
      'Its rules count in a way that is not one counter of failures over one of requests, so the indicator must be written by hand.',
    );
  }
  const service = serviceFor(config, found);
  const form = {
    id: idFor(config, found),
    service: service.id,
    name: found.name.slice(0, 80),
    objective: found.objective,
    window: durationText(found.windowSeconds),
    indicator: { kind: 'events', total: ratio.total.series, [ratio.role]: ratio.other.series },
    scope: 'written',
    environments: [environment],
    groupBy: ratio.total.groupBy ?? [],
  };
  const parsed = Slo.safeParse(form);
  if (!parsed.success) {
    const [problem] = explain(Slo, form, parsed.error.issues);
    return refused(
      problem === undefined
        ? 'It cannot be written as it is.'
        : `It cannot be written as it is: ${pathOf(problem.path)} ${problem.message}.`,
    );
  }
  return {
    yaml: stringify(slosBlock([parsed.data]), { lineWidth: 0 }),
    notes: [
      ...(service.isKnown
        ? []
        : [`signalbox.yaml has no service ${service.id}: name the one that it belongs to.`]),
      ...(found.method === 'mean-of-ratios'
        ? ['Signalbox counts events, so its figures will differ from the mean of ratios.']
        : []),
    ],
  };
}

function serviceFor(config: Config, { service, name }: Found): { id: string; isKnown: boolean } {
  const id = slugOf(service ?? '');
  const known = config.services.find((one) => one.id === id || slugOf(one.name) === id);
  if (known !== undefined) return { id: known.id, isKnown: true };
  const inName = config.services.find((one) => service === null && slugOf(name).startsWith(`${one.id}-`));
  return inName === undefined
    ? { id: id === '' ? 'service' : id, isKnown: false }
    : { id: inName.id, isKnown: true };
}

/** The name of the tool, which is unique in it; a number where the configuration has it already. */
function idFor(config: Config, { tool, key, name }: Found): string {
  const base = slugOf(tool === 'sloth' ? key : name) || 'objective';
  const taken = new Set(config.slos.map(({ id }) => id));
  for (let n = 1; ; n += 1) {
    const id = n === 1 ? base : `${base.slice(0, 60)}-${n}`;
    if (!taken.has(id)) return id;
  }
}
