import type { Elsewhere, Panel, With } from './panel-way';

const views = 'components/slo/fleet-views.test.tsx';
const savedViews = 'components/slo/saved-views.test.tsx';
const never = (why: string, test: string, file: string): Elsewhere => ({ why, file, test });
const same = (panel: string): With => ({ with: panel });

/** The panels beside the list of objectives (panel-table.ts says what the four states are). */
export const viewPanels: Panel[] = [
  {
    panel: 'SLOs: days',
    loading: never('its answer comes with those of the list', 'says that days are on their way', views),
    empty: never('the production has a past', 'says that there are no days', views),
    stale: same('SLOs: objectives'),
    error: never('its answer goes with those of the list', 'says why there are no days', views),
  },
  {
    panel: 'SLOs: changes of the last 24 hours',
    loading: same('SLOs: objectives'),
    empty: never('an earlier journey may have carried one out', 'says that there was no change', views),
    stale: same('SLOs: objectives'),
    error: same('SLOs: objectives'),
  },
  {
    panel: 'SLOs: saved views',
    loading: never('it opens when its answer is there', 'says that views are on their way', savedViews),
    empty: never('another journey may have saved one', 'says what a view is while there is none', savedViews),
    stale: never('a person alone changes views', 'says why there are no views', savedViews),
    error: never('it opens when its answer is there', 'says why there are no views', savedViews),
  },
];
