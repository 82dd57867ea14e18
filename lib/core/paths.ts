import type { ChangeKind } from './change-kind';

/** The only place that writes a URL of ours; its test snapshots every one. */
const segment = encodeURIComponent;

function withQuery(path: string, query: Record<string, string | undefined>): string {
  const set = Object.entries(query).filter((entry): entry is [string, string] => Boolean(entry[1]));
  return set.length === 0 ? path : `${path}?${new URLSearchParams(set).toString()}`;
}

type SloPartQuery = {
  environment?: string;
  exclusions?: string;
  group?: string;
  from?: string;
  to?: string;
  rule?: string;
  format?: string;
};

export const paths = {
  overview: () => '/',
  signIn: (callback?: string) => withQuery('/sign-in', { callback }),
  services: () => '/services',
  service: (
    service: string,
    query: {
      environment?: string;
      region?: string;
      tab?: string;
      in?: string;
      kind?: string;
      outcome?: string;
      before?: string;
      days?: string;
    } = {},
  ) => withQuery(`/services/${segment(service)}`, query),
  slos: (
    query: {
      state?: string;
      text?: string;
      group?: string;
      closed?: string;
      sort?: string;
      show?: string;
    } = {},
  ) => withQuery('/slos', query),
  slo: (
    slo: string,
    query: {
      mode?: string;
      exclusions?: string;
      from?: string;
      to?: string;
      sort?: string;
      group?: string;
    } = {},
  ) => withQuery(`/slos/${segment(slo)}`, query),
  sloAdopted: (adopted: string) => `/slos/adopted/${segment(adopted)}`,
  reports: () => '/reports',
  report: (month: string) => `/reports/${segment(month)}`,
  backups: () => '/backups',
  logs: (
    query: {
      service?: string;
      region?: string;
      level?: string;
      text?: string;
      from?: string;
      to?: string;
      query?: string;
      order?: string;
      wrap?: string;
      line?: string;
    } = {},
  ) => withQuery('/logs', query),
  changes: (
    query: {
      service?: string;
      kind?: string;
      outcome?: string;
      state?: string;
      before?: string;
      days?: string;
    } = {},
  ) => withQuery('/changes', query),
  newChange: (kind: ChangeKind, query: Record<string, string | undefined> = {}) =>
    withQuery(`/changes/new/${kind}`, query),
  change: (change: string) => `/changes/${segment(change)}`,
  approvals: () => '/approvals',
  audit: (
    query: {
      actor?: string;
      action?: string;
      target?: string;
      change?: string;
      from?: string;
      to?: string;
      before?: string;
    } = {},
  ) => withQuery('/audit', query),
  status: () => '/status',
  statusSummary: () => '/status/summary.json',
  statusFeed: () => '/status/feed.xml',
  statusAdmin: () => '/status-page',
} as const;

export const api = {
  overview: (environment?: string) => withQuery('/api/v1/overview', { environment }),
  services: (environment?: string) => withQuery('/api/v1/services', { environment }),
  service: (service: string, query: { environment?: string; region?: string; range?: string } = {}) =>
    withQuery(`/api/v1/services/${segment(service)}`, query),
  serviceRevisions: (service: string, query: { environment: string; region: string }) =>
    withQuery(`/api/v1/services/${segment(service)}/revisions`, query),
  serviceColours: (service: string, query: { environment: string; region: string }) =>
    withQuery(`/api/v1/services/${segment(service)}/colours`, query),
  serviceCharts: (service: string, query: { environment?: string; region?: string; range?: string } = {}) =>
    withQuery(`/api/v1/services/${segment(service)}/charts`, query),
  serviceHistory: (
    service: string,
    query: { environment?: string; kind?: string; outcome?: string; before?: string } = {},
  ) => withQuery(`/api/v1/services/${segment(service)}/history`, query),
  serviceGate: (service: string, environment: string) =>
    withQuery(`/api/v1/services/${segment(service)}/gate`, { environment }),
  serviceWorkloads: (service: string, query: { environment?: string; region?: string } = {}) =>
    withQuery(`/api/v1/services/${segment(service)}/workloads`, query),
  serviceSlis: (service: string, query: { environment?: string; region?: string } = {}) =>
    withQuery(`/api/v1/services/${segment(service)}/slis`, query),
  serviceDatabase: (service: string, query: { environment?: string; region?: string } = {}) =>
    withQuery(`/api/v1/services/${segment(service)}/database`, query),
  slos: (environment?: string) => withQuery('/api/v1/slos', { environment }),
  sloDays: (environment?: string) => withQuery('/api/v1/slo-days', { environment }),
  slo: (slo: string, query: { environment?: string; exclusions?: string; group?: string } = {}) =>
    withQuery(`/api/v1/slos/${segment(slo)}`, query),
  slosAdopted: (query: { environment?: string } = {}) => withQuery('/api/v1/slos/adopted', query),
  sloAdopted: (adopted: string, query: { environment?: string } = {}) =>
    withQuery(`/api/v1/slos/adopted/${segment(adopted)}`, query),
  sloPart: (
    slo: string,
    part: 'span' | 'span/labels' | 'backtest' | 'export' | 'rules',
    query: SloPartQuery,
  ) => withQuery(`/api/v1/slos/${segment(slo)}/${part}`, query),
  sloLedger: (
    slo: string,
    query: {
      environment?: string | undefined;
      exclusions?: string | undefined;
      horizonHours?: string | undefined;
    } = {},
  ) => withQuery(`/api/v1/slos/${segment(slo)}/ledger`, query),
  sloEntries: (slo: string) => `/api/v1/slos/${segment(slo)}/entries`,
  sloEntry: (slo: string, entry: string) => `/api/v1/slos/${segment(slo)}/entries/${segment(entry)}`,
  sloExclusions: (slo: string) => `/api/v1/slos/${segment(slo)}/exclusions`,
  sloExclusion: (slo: string, exclusion: string) =>
    `/api/v1/slos/${segment(slo)}/exclusions/${segment(exclusion)}`,
  reports: (environment?: string) => withQuery('/api/v1/reports', { environment }),
  report: (month: string, query: { environment?: string; format?: string } = {}) =>
    withQuery(`/api/v1/reports/${segment(month)}`, query),
  reportCorrections: (month: string) => `/api/v1/reports/${segment(month)}/corrections`,
  backups: (environment?: string) => withQuery('/api/v1/backups', { environment }),
  archives: () => '/api/v1/archives',
  archive: (archive: string) => `/api/v1/archives/${segment(archive)}`,
  backupCopy: (copy: string) => `/api/v1/backups/copies/${segment(copy)}`,
  backupRetention: (environment?: string) => withQuery('/api/v1/backups/retention', { environment }),
  backupLetGo: (database: string) => `/api/v1/backups/retention/${segment(database)}/let-go`,
  backupDrills: (environment?: string) => withQuery('/api/v1/backups/drills', { environment }),
  backupDrill: (database: string) => `/api/v1/backups/drills/${segment(database)}`,
  backupPins: (copy: string) => `/api/v1/backups/copies/${segment(copy)}/pins`,
  backupUnpin: (copy: string) => `/api/v1/backups/copies/${segment(copy)}/unpin`,
  logs: () => '/api/v1/logs',
  plans: () => '/api/v1/plans',
  plan: (plan: string) => `/api/v1/plans/${segment(plan)}`,
  changes: () => '/api/v1/changes',
  change: (change: string) => `/api/v1/changes/${segment(change)}`,
  changeMeasures: (query: { service?: string; environment?: string; days?: string } = {}) =>
    withQuery('/api/v1/changes/measures', query),
  changeRecord: (change: string, format: string) =>
    withQuery(`/api/v1/changes/${segment(change)}/record`, { format }),
  changeMeasurements: (
    change: string,
    query: { region?: string | undefined; before?: string | undefined } = {},
  ) => withQuery(`/api/v1/changes/${segment(change)}/measurements`, query),
  changeMeasurement: (change: string, measurement: string) =>
    `/api/v1/changes/${segment(change)}/measurements/${segment(measurement)}`,
  changeLog: (change: string, query: { before?: string } = {}) =>
    withQuery(`/api/v1/changes/${segment(change)}/log`, query),
  changeCommand: (
    change: string,
    command:
      | 'sign-offs'
      | 'withdrawal'
      | 'rejection'
      | 'cancellation'
      | 'pause'
      | 'resumption'
      | 'promotion'
      | 'abort'
      | 'start'
      | 'statement'
      | 'review',
  ) => `/api/v1/changes/${segment(change)}/${command}`,
  killSwitches: () => '/api/v1/kill-switches',
  releaseSwitch: (id: string) => `/api/v1/kill-switches/${segment(id)}/release`,
  approvals: () => '/api/v1/approvals',
  audit: () => '/api/v1/audit',
  auditExport: (query: Record<string, string | undefined> = {}) => withQuery('/api/v1/audit/export', query),
  auditVerification: () => '/api/v1/audit/verification',
  status: () => '/api/v1/status',
  statusMessages: () => '/api/v1/status/messages',
  statusMessage: (message: string) => `/api/v1/status/messages/${segment(message)}`,
  views: (page?: string) => withQuery('/api/v1/views', { page }),
  view: (view: string) => `/api/v1/views/${segment(view)}`,
  me: () => '/api/v1/me',
  live: () => '/api/v1/live',
} as const;
