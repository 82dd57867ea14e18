/** Whether an If-None-Match names a tag (RFC 9110, 13.1.2); weak ones compare by what they name. */
export function namesTag(ifNoneMatch: string | null, tag: string): boolean {
  if (ifNoneMatch === null) return false;
  const named = ifNoneMatch.split(',').map((one) => one.trim().replace(/^W\//, ''));
  return named.includes('*') || named.includes(tag);
}

/** JSON that was written before, or 304 for a client that says it has it. */
export function taggedJson(
  request: Request,
  { body, tag }: { body: Uint8Array<ArrayBuffer>; tag: string },
): Response {
  const headers = { ETag: tag, 'Cache-Control': 'private, no-store', Vary: 'Cookie' };
  return namesTag(request.headers.get('if-none-match'), tag)
    ? new Response(null, { status: 304, headers })
    : new Response(body, { headers: { ...headers, 'Content-Type': 'application/json' } });
}
