/** What a registry asks for with 401. */
export type Challenge =
  | { scheme: 'basic' }
  | { scheme: 'bearer'; realm: URL; service: string | null; scope: string | null };

/**
 * Reads `WWW-Authenticate` (RFC 9110, 11.6.1; distribution's token specification). Bearer comes before Basic when
 * both are offered. Null when neither can be understood.
 */
export function parseChallenge(header: string | undefined): Challenge | null {
  if (header === undefined) return null;
  const bearer = /(?:^|,)\s*bearer\s+(.*)$/i.exec(header)?.[1];
  if (bearer !== undefined) {
    const { realm, service, scope } = parameters(bearer);
    if (realm !== undefined && URL.canParse(realm)) {
      return { scheme: 'bearer', realm: new URL(realm), service: service ?? null, scope: scope ?? null };
    }
  }
  return /(?:^|,)\s*basic\b/i.test(header) ? { scheme: 'basic' } : null;
}

/** Parameters of the first challenge; a later one's never replace them. */
function parameters(text: string): Partial<Record<string, string>> {
  const found: Partial<Record<string, string>> = {};
  for (const [, name = '', quoted, plain] of text.matchAll(
    /(\w+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/g,
  )) {
    found[name.toLowerCase()] ??= quoted?.replace(/\\(.)/g, '$1') ?? plain ?? '';
  }
  return found;
}

/**
 * Whether a realm may be asked for a token: the registry's own host and port, or a listed one, and never over plain
 * HTTP where the registry itself has TLS. Anything else could be told the password by whoever answers as the registry.
 */
export function mayAsk(realm: URL, registry: URL, tokenHosts: readonly string[]): boolean {
  if (realm.protocol !== 'https:' && realm.protocol !== registry.protocol) return false;
  if (realm.protocol !== 'https:' && realm.protocol !== 'http:') return false;
  return realm.host === registry.host || tokenHosts.includes(realm.host);
}
