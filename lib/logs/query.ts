import type { Config } from '@/lib/config/schema';
import { OpsError } from '@/lib/core/errors';
import { logQuery, type StreamMatch } from '@/lib/sources/loki/logql';
import type { LogSearch } from './contract';

type Form = Pick<LogSearch, 'environment' | 'service' | 'region' | 'level' | 'text' | 'query'>;

/** The levels a program may write for one of ours, as Loki detects them. */
const detected: Partial<Record<string, readonly string[]>> = {
  critical: ['critical', 'fatal'],
  error: ['error'],
  warn: ['warn'],
  info: ['info'],
  debug: ['debug', 'trace'],
  unknown: ['unknown'],
};

/**
 * The LogQL of a search: the text as it was typed, or the form's parts. Throws OpsError `invalid` when both
 * are given, or `not-found` for a service without logs.
 */
export function searchQuery(config: Config, search: Form): string {
  const { environment, service: id, region, level, text } = search;
  if (search.query !== undefined && search.query.trim() !== '') {
    if (id !== undefined || level !== undefined || text !== undefined) {
      throw new OpsError('invalid', 'A search is either a form or a LogQL query, not both.', {
        next: 'Remove the query or the fields.',
        fields: [{ path: 'query', message: 'cannot be combined with service, level or text' }],
      });
    }
    return search.query;
  }
  const service = id === undefined ? undefined : config.services.find((one) => one.id === id);
  if (id !== undefined && service === undefined) {
    throw new OpsError('not-found', `There is no service "${id}".`, {
      next: 'Open the list of services to see their names.',
    });
  }
  const labels = service?.metrics.labels ?? { environment: 'environment', region: 'region' };
  const where: StreamMatch[] = [
    ...(service === undefined
      ? []
      : (service.logs?.selector ?? [{ label: 'service', op: '=' as const, value: service.id }])
    ).map(({ label, op, value }) => ({ label, operator: op, value })),
    ...(environment === undefined
      ? []
      : [{ label: labels.environment, operator: '=' as const, value: environment }]),
    ...(region === undefined ? [] : [{ label: labels.region, operator: '=' as const, value: region }]),
  ];
  return logQuery({
    streams: where,
    contains: text === '' ? undefined : text,
    ignoreCase: true,
    levels: level === undefined ? undefined : detected[level],
  });
}
