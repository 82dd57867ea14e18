import { isOpsError } from '@/lib/core/errors';
import { errorCode, SourceError, transportError } from '../source-error';

/** SQLSTATE codes (appendix A of the PostgreSQL manual) of what a person can do something about. */
const states: Record<string, { reason: SourceError['reason']; says: string }> = {
  '28P01': { reason: 'unauthorised', says: 'refuses our password' },
  '28000': { reason: 'unauthorised', says: 'refuses our account (pg_hba.conf, or no right to log in)' },
  '42501': { reason: 'unauthorised', says: 'refuses a question: our account lacks the right' },
  '3D000': { reason: 'bad-response', says: 'has no database of the name in its URL' },
  '53300': { reason: 'unreachable', says: 'has no connection left for us' },
  '57P03': { reason: 'unreachable', says: 'is starting up or shutting down' },
  '57P01': { reason: 'unreachable', says: 'ended our session' },
  '57014': { reason: 'timeout', says: 'did not finish a question in time' },
  '55P03': { reason: 'timeout', says: 'has a table locked exclusively that a question needs' },
};

type Fields = { message: string; severity?: unknown };
const isError = (error: unknown): error is Fields =>
  typeof error === 'object' && error !== null && 'message' in error && typeof error.message === 'string';

/** 55000 says many things; this one comes before any question, when ALLOW_CONNECTIONS of the database is false. */
export const letsNobodyIn = 'lets nobody in: it does not accept connections now';
const closed = /is not currently accepting connections/;

/** What the driver says itself, without a code. */
const driver: [RegExp, SourceError['reason'], string][] = [
  [/timeout expired|Query read timeout|connection timeout/i, 'timeout', 'did not answer in time'],
  [/Connection terminated|Client was closed/i, 'unreachable', 'cut the connection'],
  [/does not support SSL/i, 'unreachable', 'offers no TLS, which its URL asks for'],
  [/SASL|SCRAM|password/i, 'unauthorised', 'refuses our password, or its URL has none'],
];

/**
 * Anything that was thrown while PostgreSQL was asked. The words are our own: those of a server may repeat a value of
 * the question, and those of a driver a part of the URL.
 */
export function postgresError(error: unknown, name: string, seconds: number): SourceError {
  if (error instanceof SourceError) return error;
  if (isOpsError(error)) return new SourceError('not-configured', error.message, { cause: error });
  const code = errorCode(error);
  const state = code === undefined ? undefined : states[code];
  if (state !== undefined) {
    return new SourceError(state.reason, `${name} ${state.says} (${code}).`, { answer: code, cause: error });
  }
  if (code === '55000' && isError(error) && closed.test(error.message)) {
    return new SourceError('unreachable', `${name} ${letsNobodyIn} (${code}).`, {
      answer: code,
      cause: error,
    });
  }
  const said = isError(error) ? driver.find(([pattern]) => pattern.test(error.message)) : undefined;
  if (code === undefined && said !== undefined) {
    return new SourceError(said[1], `${name} ${said[2]}.`, { cause: error });
  }
  if (code !== undefined && /^[0-9A-Z]{5}$/.test(code) && isError(error) && error.severity !== undefined) {
    return new SourceError('bad-response', `${name} refused a question with SQLSTATE ${code}.`, {
      answer: code,
      cause: error,
    });
  }
  if (code !== undefined) return transportError(error, name, seconds);
  return new SourceError('bad-response', `${name} answered something that is not understood.`, {
    cause: error,
  });
}
