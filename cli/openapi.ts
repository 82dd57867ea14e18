import { requiredEnv } from '@/lib/core/env';
import { messageOf, OpsError } from '@/lib/core/errors';
import { type Command, readArguments } from './command';

export const openapi: Command = {
  summary: 'Print the OpenAPI document of a running console',
  usage: 'signalbox openapi [--url URL]',
  run: async (args) => {
    const { values } = readArguments(args, openapi.usage, { url: { type: 'string' } }, 0);
    const url = new URL('/api/v1/openapi.json', values.url ?? requiredEnv('NEXTAUTH_URL'));
    const response = await fetch(url, { signal: AbortSignal.timeout(10_000) }).catch((cause: unknown) => {
      throw new OpsError(
        'unavailable',
        `The console at ${url.origin} does not answer: ${messageOf(cause)}.`,
        {
          next: 'Start it, or name another one with --url.',
        },
      );
    });
    if (!response.ok)
      throw new OpsError('unavailable', `The console at ${url.origin} answered ${response.status}.`);
    console.log(JSON.stringify(await response.json(), null, 2));
    return 0;
  },
};
