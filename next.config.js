/** On every answer, also on errors and files. The policy of pages is set by proxy.ts, with a nonce. */
const securityHeaders = [
  { key: 'X-Content-Type-Options', value: 'nosniff' },
  { key: 'X-Frame-Options', value: 'DENY' },
  { key: 'Referrer-Policy', value: 'same-origin' },
  { key: 'Cross-Origin-Opener-Policy', value: 'same-origin' },
  { key: 'Cross-Origin-Resource-Policy', value: 'same-origin' },
  { key: 'Permissions-Policy', value: 'camera=(), geolocation=(), microphone=(), payment=(), usb=()' },
  { key: 'Strict-Transport-Security', value: 'max-age=31536000; includeSubDomains' },
];

/** @type {import('next').NextConfig} */
export default {
  output: 'standalone',
  poweredByHeader: false,
  reactStrictMode: true,
  outputFileTracingRoot: import.meta.dirname,
  outputFileTracingExcludes: {
    '*': ['.signalbox/**', 'sandbox/**', 'e2e/**', 'bench/**', 'docs/**', '.git/**'],
  },
  // Written by scripts/build/browser-zod.ts: what browsers need of zod/mini, and nothing else of it.
  turbopack: { resolveAlias: { 'zod/mini': { browser: './dist/browser-zod.js' } } },
  serverExternalPackages: [
    '@kubernetes/client-node',
    '@node-rs/argon2',
    'pg',
    'pino',
    'prom-client',
    'rate-limiter-flexible',
  ],
  images: { unoptimized: true },
  async headers() {
    return [
      { source: '/(.*)', headers: securityHeaders },
      {
        source: '/api/(.*)',
        headers: [{ key: 'Content-Security-Policy', value: "default-src 'none'; frame-ancestors 'none'" }],
      },
    ];
  },
};
