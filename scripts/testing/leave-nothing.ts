import { afterAll, vi } from 'vitest';

const environment = { ...process.env };

/**
 * After each file of unit tests: files share a process, so that none of them leaves a clock, a global or a variable of
 * the environment that the next one would meet.
 */
afterAll(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
  for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
  Object.assign(process.env, environment);
});
