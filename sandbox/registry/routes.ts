import type { Blob } from './catalogue';
import type { RegistryStore } from './store';

export type Answer = { status: number; headers: Record<string, string>; body: string };

/** The error body of the distribution specification. */
export const error = (status: number, code: string, message: string, detail?: object): Answer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: `${JSON.stringify({ errors: [{ code, message, ...(detail === undefined ? {} : { detail }) }] })}\n`,
});

/** What something before the registry says. */
export const html = (status: number): Answer => ({
  status,
  headers: { 'content-type': 'text/html' },
  body: `<html><body>${status}</body></html>\n`,
});

const json = (value: object, headers: Record<string, string> = {}): Answer => ({
  status: 200,
  headers: { 'content-type': 'application/json', ...headers },
  body: `${JSON.stringify(value)}\n`,
});

const nameUnknown = (name: string): Answer =>
  error(404, 'NAME_UNKNOWN', 'repository name not known to registry', { name });

/** Endpoints 1 to 3 and 8 of the distribution specification: nothing can be pushed. */
export function answer(store: RegistryStore, method: string, url: URL, accept: string | undefined): Answer {
  const path = url.pathname;
  if (method !== 'GET' && method !== 'HEAD')
    return error(405, 'UNSUPPORTED', 'The operation is unsupported.');
  if (path === '/v2/') return json({});
  const [, name = '', what = '', reference = ''] =
    /^\/v2\/(.+)\/(manifests|blobs|tags)\/([^/]+)$/.exec(path) ?? [];
  if (name === '') return html(404);
  if (!store.has(name)) return nameUnknown(name);
  switch (what) {
    case 'manifests':
      return manifest(store.manifest(name, reference), { name, reference }, accept);
    case 'blobs': {
      const found = store.blob(name, reference);
      return found === null
        ? error(404, 'BLOB_UNKNOWN', 'blob unknown to registry', { digest: reference })
        : content(found, 'application/octet-stream');
    }
    default:
      return reference === 'list' ? tagList(store, name, url) : html(404);
  }
}

function manifest(
  found: Blob | null,
  { name, reference }: { name: string; reference: string },
  accept: string | undefined,
): Answer {
  if (found === null) return error(404, 'MANIFEST_UNKNOWN', 'manifest unknown', { name, Tag: reference });
  // A client that asks for other types alone is told that there is none for it, as registries do.
  if (accept !== undefined && !accept.includes('*/*') && !accept.includes(found.mediaType)) {
    return error(404, 'MANIFEST_UNKNOWN', 'OCI index found, but accept header does not support OCI indexes');
  }
  return content(found, found.mediaType);
}

const content = ({ digest, text }: Blob, type: string): Answer => ({
  status: 200,
  headers: { 'content-type': type, 'docker-content-digest': digest, etag: `"${digest}"` },
  body: text,
});

/** Tags in lexical order; `n` and `last` page, with a Link to the next page. */
function tagList(store: RegistryStore, name: string, { searchParams, pathname }: URL): Answer {
  const last = searchParams.get('last');
  const all = [...store.tags(name).keys()].sort().filter((tag) => last === null || tag > last);
  const n = searchParams.get('n');
  if (n === null) return json({ name, tags: all });
  if (!/^\d+$/.test(n)) return error(400, 'PAGINATION_NUMBER_INVALID', 'invalid number of results requested');
  const tags = all.slice(0, Number(n));
  const next = tags.length < all.length ? tags.at(-1) : undefined;
  return json(
    { name, tags },
    next === undefined ? {} : { link: `<${pathname}?last=${encodeURIComponent(next)}&n=${n}>; rel="next"` },
  );
}
