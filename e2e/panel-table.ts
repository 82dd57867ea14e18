import { backupPanels } from './backup-panels';
import { databasePanels } from './database-panels';
import { historyPanels } from './history-panels';
import type { Elsewhere, Hold, Panel, With } from './panel-way';
import { reportPanels } from './report-panels';
import { restorePanels } from './restore-panels';
import { sloPanels } from './slo-panels';
import { stagedPanels } from './staged-panels';
import { viewPanels } from './view-panels';

const late = (from: string, link: string | RegExp, loading: string, hold: Hold = 'session') => ({
  from,
  link,
  hold,
  loading,
});
const words = 'e2e/panel-words.test.tsx';
const never = (why: string, test: string, file = words): Elsewhere => ({ why, file, test });
const at = (open: string, see: string | RegExp) => ({ open, see });
const same = (panel: string): With => ({ with: panel });
const gone = /database does not answer/;
const undrawn = /does not answer, most often the database/;
const old = /Connection|connection|refused|does not answer|could not be reached|not reachable|reset/;

// A page that reads the configuration asks who looks before it is sent, so that a held session holds the page itself.
const service = '/services/fraiseql-api?environment=production&region=eu-west-1';
const slo = '/slos/fraiseql-api-availability';
const adopted = 'components/slo/adopted.test.tsx';
const published = 'components/status/public-page.test.tsx';
const silent = 'signalbox.yaml always names one here';
const recorded = 'the record of this run is never empty';

/**
 * Every panel of every page with its four states: how a fault of the pretend production brings it about and the
 * words that tell, or which other panel's test shows it, or why no fault can and which component test does.
 */
export const panels: Panel[] = [
  {
    panel: 'overview: services',
    loading: late('/approvals', 'Overview', 'Loading services'),
    empty: never(silent, 'a page without services says so'),
    stale: at('/', / stale: /),
    error: { before: '/approvals', follow: 'Overview', see: gone },
  },
  {
    panel: 'overview: firing alerts',
    loading: same('overview: services'),
    // A bad release of an earlier journey may still fire an alert in production; the scenarios leave staging alone.
    empty: { ...at('/', 'No alert fires'), environment: 'staging' },
    stale: at('/', /^Alerts as of/),
    error: at('/', /^No alerts: /),
  },
  {
    panel: 'overview: burn',
    loading: same('overview: services'),
    empty: never(silent, 'a strip without points says that there is no data'),
    stale: same('overview: services'),
    error: never('a drawing', 'a strip without points says that there is no data'),
  },
  {
    panel: 'overview: changes',
    loading: same('overview: services'),
    empty: never(recorded, 'a list without changes says what would stand there'),
    stale: same('changes: changes'),
    error: same('overview: services'),
  },
  {
    panel: 'overview: needs you',
    loading: same('overview: services'),
    empty: at('/', 'Nothing waits for you'),
    stale: same('approvals: approvals'),
    error: same('overview: services'),
  },
  {
    panel: 'overview: latest',
    loading: same('overview: services'),
    empty: never(recorded, 'a timeline without entries says what would stand there'),
    stale: same('changes: changes'),
    error: same('overview: services'),
  },
  {
    panel: 'services: services',
    loading: late('/approvals', 'Services', 'Loading services'),
    empty: never(silent, 'a page without services says so'),
    stale: at('/services', / stale: /),
    error: { before: '/approvals', follow: 'Services', see: gone },
  },
  {
    panel: 'service: figures',
    loading: late('/services', /^FraiseQL API/, 'Loading the service', 'answers'),
    empty: never('a service without requests', 'a figure without a value says why'),
    stale: at(service, old),
    error: at(service, 'No data'),
  },
  {
    panel: 'service: charts',
    loading: same('service: figures'),
    empty: never('every service has series', 'a chart without lines keeps its axes'),
    stale: at(service, /^Requests.* as of/),
    error: at(`${service}&range=7d`, /^No requests.*: /),
  },
  {
    panel: 'service: indicators',
    loading: late(`${service}&tab=changes`, 'Indicators', 'Loading indicators', 'answers'),
    empty: never(
      'the table always has nine rows',
      'what is not configured says what to add',
      'components/service/service-slis.test.tsx',
    ),
    stale: at(`${service}&tab=indicators`, /^Indicators as of/),
    error: at(`${service}&tab=indicators`, /^No indicators: /),
  },
  {
    panel: 'service: workloads',
    loading: same('service: pods'),
    empty: same('service: pods'),
    stale: at(`${service}&tab=workloads`, /^Workloads as of/),
    error: at(`${service}&tab=workloads`, /^No workloads: /),
  },
  {
    panel: 'service: pods',
    loading: late(`${service}&tab=changes`, 'Workloads', 'Loading workloads', 'answers'),
    empty: never('a Deployment without pods is a change', 'a workload without pods says so'),
    stale: at(`${service}&tab=workloads`, /^Pods as of/),
    error: at(`${service}&tab=workloads`, /^No pods: /),
  },
  {
    panel: 'service: events',
    loading: same('service: pods'),
    empty: never('the cluster has just started', 'a workload without events says so'),
    stale: at(`${service}&tab=workloads`, /^Events as of/),
    error: at(`${service}&tab=workloads`, /^No events: /),
  },
  {
    panel: 'service: alerts',
    loading: same('service: figures'),
    empty: at(`${service}&tab=alerts`, 'No alert fires'),
    stale: at(`${service}&tab=alerts`, /^Alerts as of/),
    error: at(`${service}&tab=alerts`, /^No alerts: /),
  },
  {
    panel: 'SLOs: objectives',
    loading: late('/approvals', 'SLOs', 'Loading objectives'),
    empty: never(silent, 'a page without objectives says so'),
    stale: at('/slos', /The newest counts are .* old/),
    error: { before: '/approvals', follow: 'SLOs', see: gone },
  },
  {
    panel: 'SLOs: adopted from rules',
    loading: same('SLOs: objectives'),
    empty: never('the production has an objective of Sloth', 'says that there are none', adopted),
    stale: never('a minute passes between two readings', 'says since when a server is not read', adopted),
    error: same('SLOs: objectives'),
  },
  {
    panel: 'SLO: figures',
    loading: late('/slos', 'FraiseQL API availability', 'Loading the objective', 'answers'),
    empty: same('SLO: budget over time'),
    // What was recorded stays, however long the source is away: only the database can take it from the page.
    stale: at(slo, /The newest counts are .* old/),
    error: same('SLO: groups'),
  },
  {
    panel: 'SLO: budget over time',
    loading: same('SLO: figures'),
    empty: never(
      '30 days of history are there',
      'says what is missing instead of drawing an empty chart',
      'components/slo/slo-screen.test.tsx',
    ),
    stale: at(slo, /^Budget over time as of/),
    error: same('SLO: groups'),
  },
  {
    panel: 'SLO: what spent the budget',
    loading: same('SLO: figures'),
    empty: never(
      'the history holds an outage',
      'says so when nothing was spent, and when nobody can tell',
      'components/slo/slo-screen.test.tsx',
    ),
    stale: same('SLO: figures'),
    error: same('SLO: groups'),
  },
  {
    panel: 'SLO: groups',
    loading: same('SLO: figures'),
    empty: same('SLO: budget over time'),
    stale: same('SLO: figures'),
    error: { before: '/slos', follow: 'FraiseQL API availability', see: undrawn },
  },
  ...historyPanels,
  ...databasePanels,
  ...restorePanels,
  ...stagedPanels,
  ...sloPanels,
  ...reportPanels,
  ...backupPanels,
  ...viewPanels,
  {
    panel: 'logs: volume',
    loading: same('logs: lines'),
    empty: at('/logs?text=nobody-writes-this', 'No line in this range'),
    stale: never(
      'one Loki of several must fail',
      'shows old lines as old and keeps the volume',
      'components/logs/logs-screen.test.tsx',
    ),
    error: at('/logs', /^No volume: /),
  },
  {
    panel: 'logs: lines',
    loading: late('/approvals', 'Logs', 'Loading log lines'),
    empty: at('/logs?text=nobody-writes-this', /^Nothing that was written in this range matches/),
    stale: same('logs: volume'),
    error: at('/logs', /^No lines: /),
  },
  {
    panel: 'changes: changes',
    loading: late('/changes', 'FraiseQL observers', 'Loading changes', 'change'),
    empty: at('/changes?state=ReconcileRequired', 'No changes'),
    stale: { kept: '/changes', see: gone, stays: /^Deploy / },
    error: { before: '/changes', follow: 'FraiseQL observers', see: undrawn },
  },
  {
    panel: 'plan: plan',
    loading: never('the worker answers faster than a person sees', 'a plan on its way shows its shape'),
    empty: at('/changes/new/deploy', 'Name a version'),
    stale: {
      kept: '/changes/new/deploy?service=architect-api&environment=staging&region=us-east-1&version=v3.2.9',
      see: gone,
      stays: 'What changes in the cluster',
    },
    error: at(
      '/changes/new/deploy?service=fraiseql-api&environment=staging&region=us-east-1&version=%20bad%20',
      /must be an image tag|Name a version/,
    ),
  },
  {
    panel: 'change: change',
    loading: late('/changes', /^Deploy /, 'Loading the change'),
    empty: same('change: pods'),
    stale: { kept: '/changes', see: gone, stays: /^Deploy / },
    error: { before: '/changes', follow: /^Deploy /, see: gone },
  },
  {
    panel: 'change: pods',
    loading: same('change: change'),
    empty: never('a change always has pods', 'a workload without pods says so'),
    stale: same('service: pods'),
    error: same('service: pods'),
  },
  {
    panel: 'approvals: approvals',
    loading: late('/changes', 'Approvals', 'Loading approvals'),
    empty: at('/approvals', 'Nothing waits for your sign-off'),
    stale: { kept: '/approvals', see: gone, stays: 'Last decided' },
    error: { before: '/services', follow: 'Approvals', see: gone },
  },
  {
    panel: 'audit: verification',
    loading: late('/approvals', 'Audit', 'Loading the audit log'),
    empty: never(recorded, 'says what an empty log will hold', 'components/audit/audit-screen.test.tsx'),
    stale: { kept: '/audit', see: gone, stays: /^Verified to entry/ },
    error: same('audit: entries'),
  },
  {
    panel: 'audit: entries',
    loading: same('audit: verification'),
    empty: at('/audit?actor=nobody-of-this-name', 'No entry matches'),
    stale: { kept: '/audit', see: /^Entries as read/, stays: 'Signed in' },
    error: { before: '/approvals', follow: 'Audit', see: gone },
  },
  {
    panel: 'status administration: messages',
    loading: late('/approvals', 'Status page', 'Loading the status page'),
    empty: at('/status-page', 'No message is active'),
    stale: { kept: '/status-page', see: /^As read /, stays: 'Measured now' },
    error: { before: '/approvals', follow: 'Status page', see: gone },
  },
  {
    panel: 'public status: systems',
    loading: never('it is made on the server, whole', 'is whole without a script', published),
    empty: never(silent, 'says so when no system and no message is listed', published),
    stale: never('it takes five minutes', 'does not hide that what it shows is old', published),
    error: never(
      'the worker publishes at once',
      'says that nothing is known when nothing was published',
      published,
    ),
  },
];
