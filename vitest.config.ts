import path from 'node:path';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './scripts/testing/longest-first';

const root = import.meta.dirname;

/** What is waited for by `expect.poll` has more than the second that is usual: the machine is busy. */
const patience = { poll: { timeout: 30_000 } };

/** Of unit tests and components. */
const quick = {
  environment: 'node',
  expect: patience,
  // Left alone it would keep one core for a watcher, and there is none.
  maxWorkers: '100%',
  // Properties over thousands of cases take their time on a busy machine; no test asserts a time.
  testTimeout: 60_000,
  hookTimeout: 60_000,
} as const;

/**
 * Four projects; `schedules` is for `npm run test:schedules` alone. `unit` needs nothing but Node, and its files share
 * processes: what they import is loaded once, which is half of what they cost. What has a document, and what replaces
 * modules, is in `components`, a process each. `integration` talks to a real PostgreSQL, Prometheus and the pretend
 * production, so its files end in `.integration.test.ts`. Each has a database and servers of its own and mostly waits,
 * so that three run beside one another on two cores.
 */
export default defineConfig({
  resolve: {
    alias: { '@': root, 'server-only': path.join(root, 'e2e/empty.ts') },
  },
  oxc: { jsx: { runtime: 'automatic' } },
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          ...quick,
          include: ['{components,lib,worker,cli,sandbox,scripts,prisma,deploy,bench,docs,e2e}/**/*.test.ts'],
          exclude: ['**/*.integration.test.ts', '**/*.schedules.test.ts', '**/node_modules/**'],
          isolate: false,
          setupFiles: [path.join(root, 'scripts/testing/leave-nothing.ts')],
        },
      },
      {
        extends: true,
        test: {
          name: 'components',
          ...quick,
          include: ['app/**/*.test.ts', '{app,components,lib,e2e}/**/*.test.tsx'],
          exclude: ['**/*.integration.test.ts', '**/node_modules/**'],
          setupFiles: [path.join(root, 'scripts/testing/patient-queries.ts')],
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['{app,lib,worker,cli,sandbox,scripts,prisma,e2e}/**/*.integration.test.ts'],
          exclude: ['**/node_modules/**'],
          environment: 'node',
          globalSetup: [path.join(root, 'scripts/testing/global-setup.ts')],
          expect: patience,
          maxWorkers: 3,
          // One of them in hundreds that waits for a busy machine; `npm test` names it at its end, with the reason.
          retry: 1,
          // Each wait of theirs has a limit of its own; several of them may be slow on a busy machine.
          testTimeout: 180_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'schedules',
          include: ['worker/faults/*.schedules.test.ts'],
          environment: 'node',
          globalSetup: [path.join(root, 'scripts/testing/global-setup.ts')],
          maxWorkers: 2,
          testTimeout: 3_600_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
