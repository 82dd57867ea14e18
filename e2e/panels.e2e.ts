import fs from 'node:fs';
import path from 'node:path';
import type { BrowserContext, Page } from '@playwright/test';
import { preferenceCookies } from '@/components/shell/preferences';
import { cancelRequest, expect, requestDeploy, test } from './fixtures';
import {
  holdAnswers,
  holdTable,
  loseSources,
  restartWeb,
  restoreSources,
  stopDatabase,
} from './panel-faults';
import { panels } from './panel-table';
import type { Way } from './panel-way';
import { contextAs } from './sessions';
import { parts, stack } from './stack';

/** Each describe below has faults of its own: it runs in order, and another worker may take another one. */
test.describe.configure({ mode: 'parallel' });

const states = ['loading', 'empty', 'stale', 'error'] as const;
type State = (typeof states)[number];
const pairs = panels.flatMap((panel) =>
  states.map((state) => ({ panel: panel.panel, state, way: panel[state] })),
);

/** Counted by hand when the table changes, so that no pair is lost unseen. */
const expected = { pairs: 61 * 4, panels: 61 };

test('each panel has its four states in the table, and each points at a test', () => {
  expect(panels).toHaveLength(expected.panels);
  expect(pairs).toHaveLength(expected.pairs);
  const names = new Set(panels.map(({ panel }) => panel));
  expect(names.size).toBe(panels.length);
  const lost = pairs.flatMap(({ panel, state, way }) => {
    if ('with' in way) return names.has(way.with) ? [] : [`${panel} ${state}: no panel ${way.with}`];
    if (!('why' in way)) return [];
    const text = fs.readFileSync(path.join(import.meta.dirname, '..', way.file), 'utf8');
    return text.includes(way.test) ? [] : [`${panel} ${state}: ${way.file} has no test “${way.test}”`];
  });
  expect(lost).toEqual([]);
});

/** The pairs of one state that are reached in one way, each its own test. */
function each<W extends Way>(
  state: State,
  is: (way: Way) => way is W,
  run: (page: Page, way: W) => Promise<void>,
  context: () => BrowserContext,
): void {
  for (const { panel, way } of pairs.filter((pair) => pair.state === state)) {
    if (!is(way)) continue;
    test(`${panel}, ${state}`, async () => {
      const page = await context().newPage();
      await run(page, way);
      await page.close();
    });
  }
}

type Open = Extract<Way, { open: string }>;
type Late = Extract<Way, { from: string }>;
type Kept = Extract<Way, { kept: string }>;
type Before = Extract<Way, { before: string }>;
const isOpen = (way: Way): way is Open => 'open' in way;
const isLate = (way: Way): way is Late => 'from' in way;
const isKept = (way: Way): way is Kept => 'kept' in way;
const isBefore = (way: Way): way is Before => 'before' in way;

const opens = async (page: Page, { open, see, environment = 'production' }: Open): Promise<void> => {
  await page
    .context()
    .addCookies([{ name: preferenceCookies.environment, value: environment, url: stack().web }]);
  await page.goto(open);
  // Recorded counts are old only after a while without new ones.
  await expect(page.getByText(see).filter({ visible: true }).or(page.getByText(see)).first()).toBeAttached({
    timeout: 90_000,
  });
};

function shared(role: 'sre' | 'stakeholder'): () => BrowserContext {
  let context: BrowserContext | undefined;
  test.beforeAll(async ({ browser }) => {
    context = await contextAs(browser, role);
  });
  test.afterAll(async () => {
    await context?.close();
  });
  return () => {
    if (!context) throw new Error('The browser context is made before the tests.');
    return context;
  };
}

/** Lists of changes need one that stands in them, whatever ran before. */
async function leaveChange(context: BrowserContext): Promise<void> {
  const page = await context.newPage();
  await requestDeploy(page, {
    service: 'fraiseql-observers',
    environment: 'staging',
    region: 'us-east-1',
    version: '8.1.7',
  });
  await cancelRequest(page);
  await page.close();
}

test.describe('with every source well', () => {
  test.describe.configure({ mode: 'default' });
  const context = shared('sre');
  test.beforeAll(() => leaveChange(context()));
  each('empty', isOpen, opens, context);
  each(
    'loading',
    isLate,
    async (page, { from, link, hold, loading }) => {
      await page.goto(from);
      const target = page.getByRole('link', { name: link }).filter({ visible: true }).first();
      await expect(target).toBeVisible();
      const held = hold === 'answers' ? await holdAnswers(page) : await holdTable(hold);
      try {
        await target.click();
        await expect(page.getByRole('status', { name: loading })).toBeVisible();
      } finally {
        await held.release();
      }
      await expect(page.getByRole('status', { name: loading })).toHaveCount(0, { timeout: 30_000 });
      await expect(page.getByRole('main').getByRole('alert')).toHaveCount(0);
    },
    context,
  );
});

test.describe('with sources that went away', () => {
  test.describe.configure({ mode: 'default' });
  const context = shared('sre');
  test.beforeAll(async () => {
    for (const { way } of pairs.filter((pair) => pair.state === 'stale')) {
      if (!isOpen(way)) continue;
      const page = await context().newPage();
      await page.goto(way.open);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await expect(page.getByRole('status', { name: /^Loading/ })).toHaveCount(0);
      await page.close();
    }
    await loseSources();
  });
  test.afterAll(restoreSources);
  each('stale', isOpen, opens, context);
});

test.describe('with sources that were never there', () => {
  test.describe.configure({ mode: 'default' });
  const context = shared('sre');
  test.beforeAll(async () => {
    await loseSources();
    await restartWeb();
  });
  test.afterAll(restoreSources);
  each('error', isOpen, opens, context);
});

test.describe('without the database', () => {
  test.describe.configure({ mode: 'default' });
  const context = shared('sre');
  const tabs = new Map<string, Page>();
  test.beforeAll(async () => {
    test.setTimeout(240_000);
    await leaveChange(context());
    for (const { way } of pairs) {
      const address = isKept(way)
        ? `kept ${way.kept}`
        : isBefore(way)
          ? `before ${way.before} ${way.follow}`
          : null;
      if (address === null || tabs.has(address)) continue;
      const page = await context().newPage();
      await page.goto(isKept(way) ? way.kept : isBefore(way) ? way.before : '/');
      if (isKept(way)) await expect(page.getByText(way.stays).first()).toBeAttached({ timeout: 30_000 });
      if (isBefore(way)) await expect(page.getByRole('link', { name: way.follow }).first()).toBeVisible();
      tabs.set(address, page);
    }
    await stopDatabase(context());
  });
  test.afterAll(() => parts.start('database'));

  const tab = (address: string): Page => {
    const page = tabs.get(address);
    if (!page) throw new Error(`No tab was opened for ${address}.`);
    return page;
  };
  for (const { panel, state, way } of pairs) {
    if (isKept(way)) {
      test(`${panel}, ${state}`, async () => {
        const page = tab(`kept ${way.kept}`);
        await expect(page.getByText(way.see).first()).toBeVisible({ timeout: 45_000 });
        await expect(page.getByText(way.stays).first()).toBeAttached();
      });
    }
    if (isBefore(way)) {
      test(`${panel}, ${state}`, async () => {
        const page = tab(`before ${way.before} ${way.follow}`);
        await page.getByRole('link', { name: way.follow }).filter({ visible: true }).first().click();
        await expect(page.getByRole('alert').filter({ hasText: way.see }).first()).toBeVisible({
          timeout: 30_000,
        });
      });
    }
  }
});
