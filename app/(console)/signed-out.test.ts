import fs from 'node:fs';
import path from 'node:path';
import { inspect } from 'node:util';
import { expect, test, vi } from 'vitest';
import { z } from 'zod';
import { useConfig } from '@/lib/config/load';
import { testConfig } from '@/lib/service/testing/config';

// A request without a session: the browser of a stranger, who can leave the layout out of what they ask for.
vi.mock('next/headers', () => ({
  cookies: async () => ({ get: () => undefined }),
  headers: async () => new Headers({ 'x-path': '/somewhere' }),
}));

type Part = (props: unknown) => unknown;
const Part = z.custom<Part>((value) => typeof value === 'function');
const Page = z.object({ default: Part, generateMetadata: Part.optional() });

const files = fs
  .globSync('**/page.tsx', { cwd: import.meta.dirname })
  .map((file) => path.join(import.meta.dirname, file));
const props = () => ({
  params: Promise.resolve({ service: 'shop-api', slo: 'shop-availability', change: 'c-1' }),
  searchParams: Promise.resolve({}),
});

/** What a stranger gets: the redirect to the sign-in, or all that a part of a page holds. */
async function given(part: Part): Promise<string> {
  try {
    return inspect(await part(props()), { depth: 30 });
  } catch (error) {
    return inspect(error);
  }
}

test('a page alone, without its layout, tells a stranger nothing of the configuration', async () => {
  useConfig(testConfig());
  expect(files.length).toBeGreaterThanOrEqual(11);
  let redirects = 0;
  for (const file of files) {
    const page = Page.parse(await import(file));
    for (const part of [page.default, page.generateMetadata].filter((one) => one !== undefined)) {
      const text = await given(part);
      expect(text, file).not.toMatch(/Shop API|Mailer|Production|Availability|us-east-1/);
      if (/NEXT_REDIRECT;.*\/sign-in\?callback/.test(text)) redirects++;
    }
  }
  expect(redirects).toBeGreaterThanOrEqual(6);
});
