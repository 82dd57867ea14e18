import type { Elsewhere, Panel, With } from './panel-way';

const never = (why: string, test: string): Elsewhere => ({
  why,
  file: 'components/database/database-tab.test.tsx',
  test,
});
const same = (panel: string): With => ({ with: panel });

const tab = '/services/fraiseql-api?environment=production&region=eu-west-1&tab=';
const away = 'the databases of services serve the pretend production as well';
const stale = never(away, 'a database that fell silent keeps what is known');
const error = never(away, 'a database that was never there costs every panel its values');
const nothing = 'pods of the pretend production hold sessions, and its databases have tables';
const first = 'service database: sessions';

/** The tab Database of a service. */
export const databasePanels: Panel[] = [
  {
    panel: first,
    loading: {
      from: `${tab}changes`,
      link: /^Database$/,
      hold: 'answers',
      loading: 'Loading the database',
    },
    empty: never(nothing, 'nobody connected, no standby, no table and no sample each say so'),
    stale,
    error,
  },
  {
    panel: 'service database: top queries',
    loading: same(first),
    // Nobody counts the queries of the observers.
    empty: {
      open: '/services/fraiseql-observers?environment=production&region=eu-west-1&tab=database',
      see: 'Metric missing',
    },
    stale,
    error,
  },
  {
    panel: 'service database: connections',
    loading: same(first),
    empty: never('this console is always connected', 'everything that is known stands in its panel'),
    stale,
    error,
  },
  {
    panel: 'service database: pool arithmetic',
    loading: same(first),
    empty: never('pods always run', 'the calculator answers to figures, and what is emptied is not known'),
    stale: { open: `${tab}database`, see: /^Pods as of/ },
    error: { open: `${tab}database`, see: /^No pods: / },
  },
  {
    panel: 'service database: replication',
    loading: same(first),
    empty: { open: `${tab}database`, see: 'No standby' },
    stale,
    error,
  },
  {
    panel: 'service database: size',
    loading: same(first),
    empty: never(nothing, 'nobody connected, no standby, no table and no sample each say so'),
    stale,
    error,
  },
  {
    panel: 'service database: failover',
    loading: same(first),
    empty: never(
      'a runbook always stands',
      'failover is a runbook: nothing in it can be pressed but copying',
    ),
    stale: error,
    error,
  },
  {
    panel: 'service database: settings',
    loading: same(first),
    empty: never('a server has settings', 'everything that is known stands in its panel'),
    stale,
    error,
  },
];
