import { expect, test } from 'vitest';
import { marksIn, serverMarks } from './client-scan';

test.each(serverMarks)('a browser file that names %s is found', (mark) => {
  expect(marksIn(`const x = "${mark}";`)).toContain(mark);
});

test('ordinary browser code passes, and so does what next-auth reads in browsers', () => {
  expect(marksIn('fetch("/api/v1/overview"); process.env.NEXTAUTH_URL')).toEqual([]);
});
