import { defineConfig } from '@playwright/test';

/** Files that take minutes, the longest first: at the end there are short ones left for whoever has nothing to do. */
const long = [
  'blue-green',
  'canary',
  'bad-release-goes-back',
  'prometheus-down',
  'deploy-approved',
  'panels',
  'worker-killed',
  'backups',
  'headers',
  'a11y',
  'restore',
  'database-gone',
];
const files = (names: readonly string[]) => names.map((name) => `**/${name}.e2e.ts`);

/**
 * Journeys through the production build on pretend productions: one for each worker, and a file after the other on
 * each. Three, since journeys mostly wait for the cluster; a running stack (E2E_STACK_FILE) serves one.
 */
export default defineConfig({
  testDir: 'e2e',
  projects: [
    ...long.map((name) => ({ name, testMatch: files([name]) })),
    { name: 'others', testMatch: '**/*.e2e.ts', testIgnore: files(long) },
  ],
  outputDir: 'test-results',
  globalSetup: './e2e/global-setup.ts',
  workers: process.env['E2E_STACK_FILE'] === undefined ? 3 : 1,
  fullyParallel: false,
  // A test that needs it is named at the end of `npm test`.
  retries: 1,
  forbidOnly: true,
  timeout: 120_000,
  expect: { timeout: 30_000 },
  use: {
    locale: 'en-GB',
    timezoneId: 'UTC',
    viewport: { width: 1280, height: 900 },
    // Recording takes more of a core than the page itself: only where a first attempt failed.
    trace: 'on-first-retry',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: process.env['SIGNALBOX_CHROMIUM'] ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
