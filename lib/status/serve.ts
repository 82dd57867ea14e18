import 'server-only';
import { readPublishedFile } from './published';

const types = {
  'summary.json': 'application/json; charset=utf-8',
  'feed.xml': 'application/atom+xml; charset=utf-8',
} as const;

/** A published file for anybody who asks, from any page (W-14: public, without credentials). */
export async function servePublished(name: keyof typeof types): Promise<Response> {
  const text = await readPublishedFile(name);
  const headers = {
    'Content-Type': types[name],
    'Cache-Control': 'public, max-age=15',
    'Access-Control-Allow-Origin': '*',
  };
  if (text !== null) return new Response(text, { headers });
  return new Response('The status page has not been published yet.\n', {
    status: 503,
    headers: { 'Content-Type': 'text/plain; charset=utf-8', 'Retry-After': '30' },
  });
}
