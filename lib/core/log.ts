import 'server-only';
import pino, { type Logger } from 'pino';
import { env } from './env';

/** Keys whose values never reach a log line, at any depth that we log. */
const secretKeys = [
  'password',
  'secret',
  'token',
  'authorization',
  'cookie',
  'clientSecret',
  'connectionString',
];

/** JSON logger of one process; `component` is web, worker or cli. */
export function createLogger(component: string): Logger {
  return pino({
    level: env().LOG_LEVEL,
    base: { component },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: secretKeys.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), censor: '[redacted]' },
  });
}

const loggers = new Map<string, Logger>();

/** The shared logger of a component. */
export function logger(component: string): Logger {
  const known = loggers.get(component);
  if (known !== undefined) return known;
  const made = createLogger(component);
  loggers.set(component, made);
  return made;
}
