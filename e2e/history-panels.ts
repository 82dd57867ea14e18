import type { Elsewhere, Panel, With } from './panel-way';

const at = (open: string, see: string | RegExp) => ({ open, see });
const same = (panel: string): With => ({ with: panel });
const never = (why: string, test: string, file: string): Elsewhere => ({ why, file, test });
const tab = '/services/fraiseql-api?environment=production&region=eu-west-1&tab=changes';
const history = 'components/change/history/history.test.tsx';
const places = 'components/change/history/places.test.tsx';

/** The panels of the tab Changes of a service, and the measures that the page of all changes has too. */
export const historyPanels: Panel[] = [
  {
    panel: 'service: what runs where',
    loading: same('service: changes'),
    empty: never('every service is placed somewhere', 'old readings say since when', places),
    stale: at(tab, /^Stale as of/),
    error: at(tab, 'No data'),
  },
  {
    panel: 'service: changes',
    loading: never(
      'the tab is called as the page of all changes',
      'the tab asks for what its address says',
      history,
    ),
    empty: at('/services/architect-api?environment=staging&region=us-east-1&tab=changes', 'No changes'),
    stale: same('changes: changes'),
    error: { before: '/services', follow: /^FraiseQL API/, see: /does not answer, most often the database/ },
  },
  {
    panel: 'changes: delivery measures',
    loading: { from: '/approvals', link: 'Changes', hold: 'answers', loading: 'Loading measures' },
    empty: at('/changes', 'Not enough data'),
    stale: same('changes: changes'),
    error: same('changes: changes'),
  },
];
