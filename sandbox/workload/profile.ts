import type { ScenarioName } from '../scenarios/names';
import type { AppService, Environment, ServiceId } from '../topology';
import { seedFor } from './random';

/** How one version of one service behaves: share of failed requests and log-normal latency. */
export type Profile = { errorShare: number; medianSeconds: number; sigma: number };

const base: Record<ServiceId, Profile> = {
  'fraiseql-api': { errorShare: 0.00008, medianSeconds: 0.018, sigma: 0.7 },
  'fraiseql-observers': { errorShare: 0.00006, medianSeconds: 0.06, sigma: 0.55 },
  'architect-api': { errorShare: 0.00008, medianSeconds: 0.028, sigma: 0.62 },
};

/** Share of failures of a version that was released broken. */
export const BAD_RELEASE_ERROR_SHARE = 0.08;
/** Of one so broken that a canary with a few requests shows it. */
export const BROKEN_RELEASE_ERROR_SHARE = 0.4;
/** Eight times an objective of 99.95 %. */
export const SLOW_BURN_ERROR_SHARE = 0.004;

/** A version is up to 8 % faster or slower than the service's usual, always the same for the same version. */
function tempo(version: string): number {
  return 0.92 + (seedFor(7, version) % 1000) / 6250;
}

export function profileOf(
  service: AppService,
  version: string,
  environment: Environment,
  scenario: ScenarioName,
): Profile {
  const usual = base[service.id];
  const profile = { ...usual, medianSeconds: usual.medianSeconds * tempo(version) };
  // Staging runs the next version already and shows nothing: such releases are found by production's own load.
  const broken = { 'bad-release': BAD_RELEASE_ERROR_SHARE, 'broken-release': BROKEN_RELEASE_ERROR_SHARE };
  if (
    (scenario === 'bad-release' || scenario === 'broken-release') &&
    version === service.next &&
    environment === 'production'
  ) {
    return { ...profile, errorShare: broken[scenario], medianSeconds: profile.medianSeconds * 1.6 };
  }
  if (scenario === 'slow-burn' && service.id === 'fraiseql-api' && environment === 'production') {
    return { ...profile, errorShare: SLOW_BURN_ERROR_SHARE };
  }
  return profile;
}

/** What clients ask for: method, route, share of the requests, latency relative to the service's. */
export type Endpoint = { method: string; path: string; weight: number; slowness: number; query: string };

export const endpoints: Record<ServiceId, readonly Endpoint[]> = {
  'fraiseql-api': [
    { method: 'POST', path: '/graphql', weight: 0.74, slowness: 1, query: 'projectList' },
    { method: 'GET', path: '/graphql', weight: 0.14, slowness: 0.7, query: 'viewer' },
    { method: 'POST', path: '/graphql/batch', weight: 0.08, slowness: 1.6, query: 'timelineBatch' },
    { method: 'GET', path: '/schema', weight: 0.04, slowness: 0.4, query: 'introspection' },
  ],
  'fraiseql-observers': [
    { method: 'POST', path: 'action:webhook', weight: 0.6, slowness: 1.2, query: 'orderCreated' },
    { method: 'POST', path: 'action:email', weight: 0.25, slowness: 1, query: 'invoiceSent' },
    { method: 'POST', path: 'action:search-index', weight: 0.15, slowness: 0.6, query: 'documentChanged' },
  ],
  'architect-api': [
    { method: 'GET', path: '/api/v1/projects', weight: 0.34, slowness: 0.9, query: 'projects.list' },
    { method: 'GET', path: '/api/v1/dashboards/{id}', weight: 0.28, slowness: 1.1, query: 'dashboards.get' },
    { method: 'POST', path: '/api/v1/events', weight: 0.22, slowness: 0.7, query: 'events.insert' },
    { method: 'GET', path: '/api/v1/search', weight: 0.1, slowness: 1.7, query: 'search.fulltext' },
    { method: 'PUT', path: '/api/v1/projects/{id}', weight: 0.06, slowness: 1.2, query: 'projects.update' },
  ],
};
