import { expect, test } from './fixtures';
import { inTheme, look, looks, themes, widths } from './looks';
import { pages } from './pages';
import { contextAs } from './sessions';
import { stack } from './stack';

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
