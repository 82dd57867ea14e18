import type { Matcher, Service } from '@/lib/config/service';
import type { JoinedAlert } from '@/lib/sources/alertmanager/client';
import type { FiringAlert } from './contract';

/** Severity words differ between rules: each guide's own words on one scale of three. */
const severities: Record<string, FiringAlert['severity']> = {
  critical: 'critical',
  page: 'critical',
  emergency: 'critical',
  p0: 'critical',
  p1: 'critical',
  high: 'warning',
  error: 'warning',
  warning: 'warning',
  warn: 'warning',
  ticket: 'warning',
  p2: 'warning',
  p3: 'warning',
  info: 'info',
  low: 'info',
  p4: 'info',
};

export const severityOf = (label: string | undefined): FiringAlert['severity'] =>
  severities[label?.trim().toLowerCase() ?? ''] ?? 'unknown';

/** A Prometheus matcher on labels; an absent label is the empty text, and patterns match the whole value. */
export function matches(matcher: Matcher, labels: Record<string, string>): boolean {
  const value = labels[matcher.label] ?? '';
  if (matcher.op === '=') return value === matcher.value;
  if (matcher.op === '!=') return value !== matcher.value;
  let matched: boolean;
  try {
    matched = new RegExp(`^(?:${matcher.value})$`, 's').test(value);
  } catch {
    // RE2 knows patterns that JavaScript does not; such a matcher matches nothing here.
    return false;
  }
  return matcher.op === '=~' ? matched : !matched;
}

function webLink(text: string | undefined): string | null {
  if (text === undefined || !URL.canParse(text)) return null;
  return /^https?:$/.test(new URL(text).protocol) ? text : null;
}

/** True when an alert's labels name this service; an alert that names an environment must name this one. */
export function isOfService(service: Service, environment: string, labels: Record<string, string>): boolean {
  const named = labels[service.metrics.labels.environment];
  if (named !== undefined && named !== '' && named !== environment) return false;
  const matchers = service.alerts?.matchers ?? [{ label: 'service', op: '=' as const, value: service.id }];
  return matchers.every((matcher) => matches(matcher, labels));
}

const order: Record<FiringAlert['severity'], number> = { critical: 0, warning: 1, unknown: 2, info: 3 };

/** Worst first; among equals the longest burning first. Held-back ones after those that speak. */
export function byUrgency(a: FiringAlert, b: FiringAlert): number {
  const held = Number(a.state === 'suppressed') - Number(b.state === 'suppressed');
  return held || order[a.severity] - order[b.severity] || a.since.localeCompare(b.since);
}

/** An alert as pages show it; `service` is null where no service of the environment is named. */
export function toFiringAlert(
  alert: JoinedAlert,
  environment: string,
  services: readonly Service[],
): FiringAlert {
  const { labels, annotations } = alert;
  const service = services.find((one) => isOfService(one, environment, labels));
  const region = labels[service?.metrics.labels.region ?? 'region'];
  return {
    fingerprint: alert.fingerprint,
    name: labels['alertname'] ?? 'Unnamed alert',
    severity: severityOf(labels['severity']),
    state: alert.status.state,
    since: alert.startsAt.toISOString(),
    summary: (annotations['summary'] ?? annotations['description'] ?? '').slice(0, 500),
    service: service?.id ?? null,
    region: region === undefined || region === '' ? null : region,
    runbook: webLink(annotations['runbook_url'] ?? annotations['runbook']) ?? service?.links.runbook ?? null,
    silences: alert.silences.map(({ id, createdBy, comment, endsAt }) => ({
      id,
      createdBy,
      comment,
      endsAt: endsAt.toISOString(),
    })),
    inhibited: alert.status.inhibitedBy.length > 0,
  };
}

/** False for an alert that names another environment in the label that our services use for it. */
export const concernsEnvironment = (
  alert: JoinedAlert,
  environment: string,
  label = 'environment',
): boolean => {
  const named = alert.labels[label];
  return named === undefined || named === '' || named === environment;
};
