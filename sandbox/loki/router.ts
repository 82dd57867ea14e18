import type { Context } from './context';
import { type Answer, type Call, json, notFound, text } from './http';
import { labelNames, labelValues, series } from './routes/labels';
import { push } from './routes/push';
import { queryInstant, queryRange } from './routes/query';
import { indexStats, indexVolume, indexVolumeRange } from './routes/volume';

const prefix = '/loki/api/v1';

const buildInfo = { version: '3.7.6', revision: '', branch: '', buildUser: '', buildDate: '', goVersion: '' };

const badRequest = text(400, 'Bad Request\n');
const notAnUpgrade: Answer = {
  ...badRequest,
  headers: { ...badRequest.headers, 'sec-websocket-version': '13' },
};

type Route = (call: Call, context: Context) => Answer;

/** Read routes answer GET and form POST alike. */
const reads: Record<string, Route> = {
  '/labels': labelNames,
  '/label': labelNames,
  '/series': series,
  '/query': queryInstant,
  '/query_range': queryRange,
  '/index/stats': indexStats,
  '/index/volume': indexVolume,
  '/index/volume_range': indexVolumeRange,
};

export const tailPath = `${prefix}/tail`;

/** The build information, which upstream gives to anybody. */
export const isBuildInfo = (call: Call): boolean =>
  call.path === `${prefix}/status/buildinfo` && call.method === 'GET';
export const buildInfoAnswer = (): Answer => json(buildInfo, 'application/json');

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw notFound();
  }
}

/** Calls the route of a request. Throws LokiError; 404 for an unknown path and for a wrong method alike. */
export function route(call: Call, context: Context): Answer {
  if (!call.path.startsWith(prefix)) throw notFound();
  const path = call.path.slice(prefix.length);
  if (path === '/push' && call.method === 'POST') return push(call, context);
  if (call.method !== 'GET' && call.method !== 'POST') throw notFound();
  if (path === '/tail') return notAnUpgrade;
  const label = /^\/label\/([^/]+)\/values$/.exec(path)?.[1];
  if (label !== undefined) return labelValues(decoded(label), call, context);
  const read = Object.hasOwn(reads, path) ? reads[path] : undefined;
  if (read === undefined) throw notFound();
  return read(call, context);
}
