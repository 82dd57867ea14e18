import type { HistoryRow, HistoryView, MeasuresView, PlaceNow } from '@/lib/change/history/contract';
import { measuresOf } from '@/lib/change/history/measure-words';
import { observeChanges } from '@/lib/change/history/measures';
import { testView } from '../test-view';
import { historyLookOf } from './history-url';

export const at = '2026-11-21T14:00:00.000Z';
export const where = { service: 'architect-api', environment: 'production', region: 'us-east-1' };
export const usual = historyLookOf(() => undefined);
export const line: HistoryRow['cost']['lines'][number] = {
  slo: 'api-availability',
  name: 'API availability',
  unit: 'requests',
  failed: 1500,
  low: 1200,
  high: 1800,
  share: 0.0123,
  shareLow: 0.01,
  shareHigh: 0.015,
  sharedWith: [],
  isCounting: false,
  coverage: 1,
  isGross: false,
};
export const row = (more: Partial<HistoryRow> = {}): HistoryRow => ({
  ...testView('Succeeded').change,
  finishedAt: at,
  startedAt: at,
  seconds: 605,
  outcome: 'succeeded',
  cost: { state: 'priced', lines: [line] },
  ...more,
});
export const place = (more: Partial<PlaceNow> = {}): PlaceNow => ({
  environment: 'production',
  region: 'us-east-1',
  cluster: 'us-east-1',
  desired: 3,
  running: {
    state: 'fresh',
    observedAt: at,
    value: [
      {
        version: 'v3.2.0',
        pods: 3,
        ready: 2,
        colour: null,
        share: null,
        by: { id: 'c-12', title: 'Deploy it', requesterName: 'Sam Okafor', since: at, isRunning: false },
        unexplained: null,
      },
    ],
  },
  ...more,
});
export const view = (changes: HistoryRow[], more: Partial<HistoryView> = {}): HistoryView => ({
  service: 'architect-api',
  name: 'Architect API',
  environments: ['production', 'staging'],
  places: [place()],
  changes,
  next: null,
  ...more,
});
export const noMeasures: MeasuresView = {
  service: null,
  environment: 'production',
  days: 30,
  from: at,
  to: at,
  knownDays: 0,
  counts: {
    deployments: 0,
    succeeded: 0,
    backedOut: 0,
    failed: 0,
    undone: 0,
    rollbacks: 0,
    notCarriedOut: 0,
    open: 0,
  },
  measures: measuresOf(observeChanges([], { from: 0, to: 1 }), 0),
  isCut: false,
};
