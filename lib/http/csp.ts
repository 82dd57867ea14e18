/** What a policy depends on. `frameOrigin` is the one other site that may be shown in a frame (the notice). */
export type CspInput = { nonce: string; frameOrigin: string | null; development: boolean };

/**
 * Content-Security-Policy of a page. Scripts run by nonce only; style attributes are allowed because charts are
 * rendered on the server with them. The development server compiles with eval.
 */
export function contentSecurityPolicy({ nonce, frameOrigin, development }: CspInput): string {
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ''}`,
    development ? "style-src 'self' 'unsafe-inline'" : `style-src 'self' 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' blob: data:",
    "font-src 'self'",
    "connect-src 'self'",
    `frame-src ${frameOrigin ?? "'none'"}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** 128 bits from the system's generator, in the alphabet that the header allows. */
export const newNonce = (): string =>
  Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('base64');

/** Request headers that only we may set; what came in under these names is dropped. */
export const ownRequestHeaders = [
  'x-nonce',
  'x-path',
  'content-security-policy',
  'x-middleware-subrequest',
] as const;

const openPrefixes = ['/sign-in', '/status', '/health', '/ready', '/metrics', '/api', '/_next'];

/** Whether a path may be opened signed out. Files (a dot in the last segment) are those of public/. */
export function isOpen(pathname: string): boolean {
  const underOpen = openPrefixes.some((prefix) => pathname === prefix || pathname.startsWith(`${prefix}/`));
  return underOpen || /\.[a-z0-9]{2,6}$/.test(pathname);
}
