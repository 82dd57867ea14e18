import { startTestServer, testPostgresVersion } from './server';

/** Of the vitest project `integration`: one PostgreSQL for the run, gone when it ends. */
export default async function setup(): Promise<() => Promise<void>> {
  const server = await startTestServer(testPostgresVersion());
  return () => server.stop();
}
