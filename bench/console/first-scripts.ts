import zlib from 'node:zlib';
import { chromium as launcher } from '@playwright/test';
import { chromium } from '@/scripts/binaries/chromium';

export type Script = { path: string; bytes: number; gzip: number };

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
];

/**
 * Every script that the overview's document names or that Chromium asks for until the page is loaded and drawn,
 * for somebody who comes for the first time. What Next fetches afterwards for pages that a link leads to is not
 * part of it: it waits for an idle browser and may never come.
 */
export async function firstScripts(web: string, email: string, password: string): Promise<Script[]> {
  const browser = await launcher.launch({ executablePath: await chromium(), args: FLAGS });
  try {
    const signedIn = await browser.newContext({ baseURL: web });
    const form = await signedIn.newPage();
    await form.goto('/sign-in');
    await form.getByLabel('E-mail').fill(email);
    await form.getByLabel('Password').fill(password);
    await form.getByRole('button', { name: 'Sign in', exact: true }).click();
    await form.waitForURL((url) => url.pathname === '/');
    const storageState = await signedIn.storageState();
    await signedIn.close();
    const context = await browser.newContext({ baseURL: web, storageState });
    const page = await context.newPage();
    const scripts: Promise<Script>[] = [];
    page.on('response', (response) => {
      if (response.request().resourceType() !== 'script') return;
      const path = new URL(response.url()).pathname;
      scripts.push(response.body().then((body) => ({ path, ...weigh(body) })));
    });
    await page.goto('/', { waitUntil: 'load' });
    await page
      .getByRole('table', { name: /services/i })
      .first()
      .waitFor();
    return [...new Map((await Promise.all(scripts)).map((script) => [script.path, script])).values()];
  } finally {
    await browser.close();
  }
}

export const weigh = (body: Buffer) => ({ bytes: body.length, gzip: zlib.gzipSync(body).length });

/** Together, in kilobytes of 1,000 bytes. */
export const gzipKilobytes = (scripts: readonly Script[]): number =>
  scripts.reduce((sum, { gzip }) => sum + gzip, 0) / 1000;
