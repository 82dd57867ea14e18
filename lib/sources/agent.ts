import 'server-only';
import fs from 'node:fs';
import { Agent } from 'undici';
import type { HttpSource } from '@/lib/config/sources';
import { readSecret } from '@/lib/core/env';
import { SourceError } from './source-error';

/** TLS material of a source: the same for fetches and for web sockets. */
export type Tls = { ca?: string; cert?: string; key?: string };

type Kept = { agent: Agent; stamp: string };

/** Routes and instrumentation load this module separately; connections are shared through globalThis. */
declare global {
  var signalboxAgents: Map<string, Kept> | undefined;
}

function readFile(file: string, what: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (cause) {
    throw new SourceError('not-configured', `The ${what} file ${file} cannot be read.`, { cause });
  }
}

const tlsFiles = (source: HttpSource): string[] =>
  [source.caFile, source.clientCertificate?.certFile, source.clientCertificate?.keyFile].filter(
    (file) => file !== undefined,
  );

/** Changes when a certificate file is rotated, so that the next request uses the new one. */
function stampOf(source: HttpSource): string {
  return tlsFiles(source)
    .map((file) => fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0)
    .join(' ');
}

/** Reads CA, certificate and key. Throws SourceError `not-configured` naming the file. */
export function tlsOf(source: HttpSource): Tls {
  const pair = source.clientCertificate;
  return {
    ...(source.caFile === undefined ? {} : { ca: readFile(source.caFile, 'CA') }),
    ...(pair === undefined
      ? {}
      : {
          cert: readFile(pair.certFile, 'client certificate'),
          key: readFile(pair.keyFile, 'client key'),
        }),
  };
}

/** One connection pool per source, kept while its settings and files stay the same. */
export function agentOf(source: HttpSource): Agent {
  globalThis.signalboxAgents ??= new Map();
  const agents = globalThis.signalboxAgents;
  const key = `${source.id} ${source.url} ${tlsFiles(source).join(' ')}`;
  const stamp = stampOf(source);
  const known = agents.get(key);
  if (known !== undefined && known.stamp === stamp) return known.agent;
  const agent = new Agent({
    connect: { ...tlsOf(source), timeout: source.timeout * 1000 },
    connections: 16,
    keepAliveTimeout: 20_000,
  });
  agents.set(key, { agent, stamp });
  void known?.agent.close();
  return agent;
}

/** Headers of every request: the configured ones and the credentials, read at the moment of use. */
export function headersOf(source: HttpSource): Record<string, string> {
  const headers: Record<string, string> = { ...source.headers };
  if (source.bearerToken !== undefined) headers['authorization'] = `Bearer ${readSecret(source.bearerToken)}`;
  if (source.basicAuth !== undefined) {
    const pair = `${source.basicAuth.username}:${readSecret(source.basicAuth.password)}`;
    headers['authorization'] = `Basic ${Buffer.from(pair).toString('base64')}`;
  }
  return headers;
}
