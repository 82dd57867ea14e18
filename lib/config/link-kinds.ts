/** SVC-16: where the rest of a service lives. */
export const linkKinds = [
  'runbook',
  'repository',
  'iac',
  'gitops',
  'secrets',
  'registry',
  'oidc',
  'waf',
  'cdn',
  'dns',
  'errors',
  'dashboards',
  'traces',
] as const;
