import { measureDays, outcomes } from '@/lib/change/history/model';
import { changeKinds } from '@/lib/core/change-kind';
import { paths } from '@/lib/core/paths';

/** What of a history is shown; all of it stands in the address. Empty: no such filter. */
export type HistoryLook = {
  /** Environment of the list; `all` for every one. */
  in: string;
  kind: string;
  outcome: string;
  before: string;
  days: string;
};

type Place = { service: string; environment: string; region: string };

const known = (allowed: readonly string[], value: string | undefined): string =>
  allowed.find((each) => each === value) ?? '';

/** Rubbish in the address shows the usual page. */
export const historyLookOf = (value: (name: string) => string | undefined): HistoryLook => ({
  in: /^[a-z0-9-]{1,63}$/.exec(value('in') ?? '')?.[0] ?? '',
  kind: known(changeKinds, value('kind')),
  outcome: known(outcomes, value('outcome')),
  before: /^c-[1-9]\d{0,8}$/.exec(value('before') ?? '')?.[0] ?? '',
  days: known(measureDays, value('days')) || measureDays[0],
});

/** The usual number of days is not named. */
export const daysInUrl = (days: string): string => (days === measureDays[0] ? '' : days);

/** The address of the tab with a part of the look changed. Another filter begins at the newest change again. */
export function historyHref(place: Place, look: HistoryLook, part: Partial<HistoryLook>): string {
  const next = { ...look, before: '', ...part };
  return paths.service(place.service, {
    environment: place.environment,
    region: place.region,
    tab: 'changes',
    in: next.in === place.environment ? '' : next.in,
    kind: next.kind,
    outcome: next.outcome,
    before: next.before,
    days: daysInUrl(next.days),
  });
}

/** The environment that the list is of: that of the page unless another one, or all, is chosen. */
export const listedIn = (place: Place, look: HistoryLook): string =>
  look.in === '' ? place.environment : look.in;
