import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures';
import { pages } from './pages';
import { contextAs } from './sessions';
import { stack } from './stack';

const widths = [1280, 360] as const;
const themes = ['light', 'dark'] as const;
type Theme = (typeof themes)[number];
type Width = (typeof widths)[number];

/**
 * Rules that ask for colours: only what they find can depend on theme and width together. Every other rule asks for
 * what is there, or for its size, and has seen both themes and both widths after two looks that differ in both.
 */
const ofColours = ['color-contrast', 'link-in-text-block'];
const looks: readonly { theme: Theme; width: Width; rules: 'all' | 'colours' }[] = [
  { theme: 'light', width: 1280, rules: 'all' },
  { theme: 'light', width: 360, rules: 'colours' },
  { theme: 'dark', width: 360, rules: 'all' },
  { theme: 'dark', width: 1280, rules: 'colours' },
];

/** What axe finds, by rule and place; and how far the page could be scrolled sideways. */
async function look(page: Page, rules: 'all' | 'colours'): Promise<{ found: string[]; sideways: number }> {
  // In the page itself: otherwise each look opens a second page and carries everything that axe saw there. Frames of
  // others are left out as they are.
  const axe = new AxeBuilder({ page })
    .setLegacyMode()
    .options({ resultTypes: ['violations'] })
    .exclude('iframe');
  const { violations } = await (rules === 'all' ? axe : axe.withRules(ofColours)).analyze();
  const found = violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(' | ')}`,
  );
  const sideways = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  return { found, sideways };
}

/** The page as somebody with this colour scheme sees it: the theme is set, and what changes its colour has arrived. */
async function inTheme(page: Page, theme: Theme): Promise<void> {
  await page.emulateMedia({ colorScheme: theme });
  // The public page follows the browser by its style sheet alone.
  const root = page.locator('html');
  if ((await root.getAttribute('data-theme')) !== null)
    await expect(root).toHaveAttribute('data-theme', theme);
  await page.evaluate(() =>
    Promise.allSettled(
      document
        .getAnimations()
        .filter((animation) => animation instanceof CSSTransition)
        .map(({ finished }) => finished),
    ),
  );
}

/** Each worker of the runner takes a part when it is free. */
test.describe.configure({ mode: 'parallel' });

const parts = 4;

test('every theme is looked at in every width, and every rule in every theme and every width', () => {
  const seen = (rules: readonly string[]) => looks.filter((each) => rules.includes(each.rules));
  expect(new Set(seen(['all', 'colours']).map(({ theme, width }) => `${theme} ${width}`)).size).toBe(
    themes.length * widths.length,
  );
  expect(new Set(seen(['all']).map(({ theme }) => theme)).size).toBe(themes.length);
  expect(new Set(seen(['all']).map(({ width }) => width)).size).toBe(widths.length);
});

const share = (part: number) => pages.filter((_, index) => index % parts === part);

test('every page is in one of the parts', () => {
  const named = Array.from({ length: parts }, (_, part) => share(part).map(({ name }) => name)).flat();
  expect(new Set(named).size).toBe(pages.length);
});

for (let part = 0; part < parts; part += 1) {
  const name = `axe finds nothing on any page, ${themes.join(' and ')}, at ${widths.join(' and ')} px`;
  test(`${name} (part ${part + 1} of ${parts})`, async ({ browser }) => {
    test.setTimeout(600_000);
    const signedIn = await contextAs(browser, 'sre');
    const signedOut = await browser.newContext({ baseURL: stack().web });
    let looked = 0;
    for (const each of share(part)) {
      const page = await (each.signedIn ? signedIn : signedOut).newPage();
      await page.emulateMedia({ colorScheme: themes[0] });
      await page.goto(each.path);
      await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
      await expect(page.getByRole('status', { name: /^Loading/ })).toHaveCount(0);
      for (const { theme, width, rules } of looks) {
        await page.setViewportSize({ width, height: 900 });
        await inTheme(page, theme);
        const seen = await look(page, rules);
        expect.soft(seen, `${each.name}, ${theme}, ${width} px`).toEqual({ found: [], sideways: 0 });
        looked += 1;
      }
      await page.close();
    }
    expect(looked).toBe(share(part).length * themes.length * widths.length);
    await Promise.all([signedIn.close(), signedOut.close()]);
  });
}
