/** So many hours ago, as the address of a span has it. */
const hoursAgo = (hours: number): string =>
  `${new Date(Date.now() - hours * 3_600_000).toISOString().slice(0, 13)}:00Z`;

/** Every page a person can open; the accessibility journey walks all of them. */
export const pages = [
  { name: 'sign in', path: '/sign-in', signedIn: false },
  { name: 'public status', path: '/status', signedIn: false },
  { name: 'overview', path: '/', signedIn: true },
  { name: 'services', path: '/services', signedIn: true },
  { name: 'service', path: '/services/architect-api', signedIn: true },
  { name: 'service indicators', path: '/services/architect-api?tab=indicators', signedIn: true },
  { name: 'service workloads', path: '/services/architect-api?tab=workloads', signedIn: true },
  { name: 'service database', path: '/services/architect-api?tab=database', signedIn: true },
  { name: 'service changes', path: '/services/architect-api?tab=changes', signedIn: true },
  { name: 'service alerts', path: '/services/architect-api?tab=alerts', signedIn: true },
  { name: 'SLOs', path: '/slos', signedIn: true },
  { name: 'SLO days', path: '/slos?group=label:region&show=days', signedIn: true },
  { name: 'SLO', path: '/slos/architect-api-availability', signedIn: true },
  {
    name: 'SLO span',
    path: `/slos/architect-api-availability?from=${hoursAgo(5)}&to=${hoursAgo(3)}`,
    signedIn: true,
  },
  { name: 'monthly reports', path: '/reports', signedIn: true },
  { name: 'monthly report', path: `/reports/${new Date().toISOString().slice(0, 7)}`, signedIn: true },
  { name: 'adopted SLO', path: '/slos/adopted/3a3df685f933522e', signedIn: true },
  { name: 'backups', path: '/backups', signedIn: true },
  { name: 'logs', path: '/logs', signedIn: true },
  { name: 'changes', path: '/changes', signedIn: true },
  {
    name: 'plan',
    path: '/changes/new/deploy?service=fraiseql-api&environment=staging&region=us-east-1&version=2.0.1',
    signedIn: true,
  },
  {
    name: 'plan in steps',
    path: '/changes/new/deploy?service=fraiseql-api&environment=production&region=us-east-1&version=2.0.1&strategy=canary&regions=us-east-1,eu-west-1',
    signedIn: true,
  },
  {
    name: 'traffic shift',
    path: '/changes/new/shift?service=fraiseql-api&environment=production&region=us-east-1&colour=green&weight=25',
    signedIn: true,
  },
  {
    name: 'restore',
    path: '/changes/new/restore?service=architect-api&environment=production&region=us-east-1',
    signedIn: true,
  },
  { name: 'changes by outcome', path: '/changes?kind=deploy&outcome=backed-out', signedIn: true },
  { name: 'change', path: '/changes/c-1', signedIn: true },
  { name: 'approvals', path: '/approvals', signedIn: true },
  { name: 'audit', path: '/audit', signedIn: true },
  { name: 'status page', path: '/status-page', signedIn: true },
  { name: 'not found', path: '/nothing-here', signedIn: true },
] as const;
