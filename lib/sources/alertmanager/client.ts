import 'server-only';
import { z } from 'zod';
import type { HttpSource } from '@/lib/config/sources';
import { parseJson, sourceFetch } from '../http';
import { SourceError, statusError } from '../source-error';
import { Alert, errorText, Silence } from './schema';

/** An alert with the silences that hold it back, in full. */
export type JoinedAlert = Alert & { silences: Silence[] };

export const alertmanagerName = (source: HttpSource): string => `Alertmanager ${source.id}`;

async function list<T extends z.ZodType>(
  source: HttpSource,
  path: string,
  item: T,
  query: Record<string, string>,
  signal?: AbortSignal,
): Promise<z.infer<T>[]> {
  const name = alertmanagerName(source);
  const answer = await sourceFetch(source, { path, query, signal, name });
  if (answer.status !== 200) throw statusError(name, answer.status, errorText(answer.text));
  const parsed = z.array(item).safeParse(parseJson(answer.text, name));
  if (parsed.success) return parsed.data;
  throw new SourceError('bad-response', `${name} answered in a form that is not Alertmanager's.`, {
    cause: parsed.error,
  });
}

/**
 * Every alert that fires now, silenced and inhibited ones too, each with its silences. Resolved alerts are
 * not listed by the server. Throws SourceError.
 */
export async function firingAlerts(source: HttpSource, signal?: AbortSignal): Promise<JoinedAlert[]> {
  const all = { active: 'true', silenced: 'true', inhibited: 'true', unprocessed: 'true' };
  const [alerts, silences] = await Promise.all([
    list(source, '/api/v2/alerts', Alert, all, signal),
    list(source, '/api/v2/silences', Silence, {}, signal),
  ]);
  const byId = new Map(silences.map((silence) => [silence.id, silence]));
  return alerts.map((alert) => ({
    ...alert,
    silences: alert.status.silencedBy.flatMap((id) => byId.get(id) ?? []),
  }));
}
