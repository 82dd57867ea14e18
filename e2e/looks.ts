import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

export const widths = [1280, 360] as const;
export const themes = ['light', 'dark'] as const;
type Theme = (typeof themes)[number];
type Width = (typeof widths)[number];

/**
 * Rules that ask for colours: only what they find can depend on theme and width together. Every other rule asks for
 * what is there, or for its size, and has seen both themes and both widths after two looks that differ in both.
 */
const ofColours = ['color-contrast', 'link-in-text-block'];
export const looks: readonly { theme: Theme; width: Width; rules: 'all' | 'colours' }[] = [
  { theme: 'light', width: 1280, rules: 'all' },
  { theme: 'light', width: 360, rules: 'colours' },
  { theme: 'dark', width: 360, rules: 'all' },
  { theme: 'dark', width: 1280, rules: 'colours' },
];

/** What axe finds, by rule and place; and how far the page could be scrolled sideways. */
export async function look(
  page: Page,
  rules: 'all' | 'colours',
): Promise<{ found: string[]; sideways: number }> {
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
export async function inTheme(page: Page, theme: Theme): Promise<void> {
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

/** A page that a journey stands on, in every theme and width; it is left as wide as it was. */
export async function looksRight(page: Page, name: string): Promise<void> {
  const before = page.viewportSize();
  for (const { theme, width, rules } of looks) {
    await page.setViewportSize({ width, height: 900 });
    await inTheme(page, theme);
    const seen = await look(page, rules);
    expect.soft(seen, `${name}, ${theme}, ${width} px`).toEqual({ found: [], sideways: 0 });
  }
  if (before !== null) await page.setViewportSize(before);
}
