import 'server-only';
import type { ClientConfig } from 'pg';
import { readSecret, type SecretRef } from '@/lib/core/env';
import { OpsError } from '@/lib/core/errors';

/** A PostgreSQL as the tools and the driver are told of it. It holds a password: it is neither logged nor kept. */
export type Target = {
  host: string;
  port: number;
  user: string;
  password: string;
  database: string;
  /** Of libpq, such as PGSSLMODE. */
  settings: Record<string, string>;
};

/** Parameters of a URL that both libpq and the driver know, and their variables. */
const known: Record<string, string> = {
  sslmode: 'PGSSLMODE',
  sslrootcert: 'PGSSLROOTCERT',
  sslcert: 'PGSSLCERT',
  sslkey: 'PGSSLKEY',
};

const wrong = (what: string, name: string): OpsError =>
  new OpsError('invalid', `The secret of ${name} ${what}.`, {
    next: 'Write postgresql://user:password@host:5432/database into it.',
  });

/** Takes a URL apart; `name` says whose it is. Throws OpsError `invalid` that repeats nothing of it. */
export function parseTarget(text: string, name: string): Target {
  if (!URL.canParse(text)) throw wrong('is no URL', name);
  const url = new URL(text);
  const decoded = (part: string, what: string): string => {
    try {
      return decodeURIComponent(part);
    } catch {
      throw wrong(`has a % in its ${what} that begins no escape: write it as %25`, name);
    }
  };
  if (!/^postgres(ql)?:$/.test(url.protocol)) throw wrong('is no postgresql:// URL', name);
  const database = decoded(url.pathname.slice(1), 'database');
  if (url.hostname === '' || url.username === '' || database === '') {
    throw wrong('does not name host, user and database', name);
  }
  const settings: Record<string, string> = {};
  for (const [key, value] of url.searchParams) {
    const variable = known[key];
    if (variable === undefined) throw wrong(`has the parameter ${key.slice(0, 40)}, which is unknown`, name);
    settings[variable] = value;
  }
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(url.port || '5432'),
    user: decoded(url.username, 'user'),
    password: decoded(url.password, 'password'),
    database,
    settings,
  };
}

/** Reads the secret at the moment of use. Throws OpsError `invalid` or `unavailable`. */
export const readTarget = (secret: SecretRef, name: string): Target => parseTarget(readSecret(secret), name);

/** For the tools: in their environment alone, where neither a process list nor a log shows it. */
export const toolEnvironment = (target: Target, appName: string): Record<string, string> => ({
  ...target.settings,
  PGHOST: target.host,
  PGPORT: String(target.port),
  PGUSER: target.user,
  PGPASSWORD: target.password,
  PGDATABASE: target.database,
  PGAPPNAME: appName,
  PGCONNECT_TIMEOUT: '10',
});

/** For the driver, which reads the same parameters of TLS from a URL. */
export function driverConfig(target: Target, appName: string): ClientConfig {
  const url = new URL('postgresql://host');
  url.hostname = target.host.includes(':') ? `[${target.host}]` : target.host;
  url.port = String(target.port);
  url.username = encodeURIComponent(target.user);
  url.password = encodeURIComponent(target.password);
  url.pathname = `/${encodeURIComponent(target.database)}`;
  for (const [parameter, variable] of Object.entries(known)) {
    const value = target.settings[variable];
    if (value !== undefined) url.searchParams.set(parameter, value);
  }
  // Otherwise the driver takes `require` for `verify-full`, and the tools do not.
  if (target.settings['PGSSLMODE'] !== undefined) url.searchParams.set('uselibpqcompat', 'true');
  return {
    connectionString: url.toString(),
    application_name: appName,
    connectionTimeoutMillis: 10_000,
  };
}
