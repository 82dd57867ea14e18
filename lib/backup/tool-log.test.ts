import { expect, test } from 'vitest';
import { withoutRows } from './tool-log';

const said = (...lines: string[]) => lines.join('\n');

test('a key that is there twice is not told, and what was tried is', () => {
  const log = said(
    'pg_restore: error: could not execute query: ERROR:  could not create unique index "users_email_key"',
    'DETAIL:  Key (email)=(ada@example.org) is duplicated.',
    'Command was: ALTER TABLE ONLY public.users',
    '    ADD CONSTRAINT users_email_key UNIQUE (email);',
  );
  expect(withoutRows(log)).toBe(
    said(
      'pg_restore: error: could not execute query: ERROR:  could not create unique index "users_email_key"',
      'Command was: ALTER TABLE ONLY public.users',
      '    ADD CONSTRAINT users_email_key UNIQUE (email);',
    ),
  );
});

test('a row of COPY is not told, however many lines it has', () => {
  const log = said(
    'pg_restore: error: COPY failed for table "users": ERROR:  extra data after last expected column',
    'CONTEXT:  COPY users, line 3, column note: "Ada',
    'lives in',
    'London"',
    'pg_restore: warning: errors ignored on restore: 1',
  );
  expect(withoutRows(log)).toBe(
    said(
      'pg_restore: error: COPY failed for table "users": ERROR:  extra data after last expected column',
      'pg_restore: warning: errors ignored on restore: 1',
    ),
  );
});

test.each([
  [
    'ERROR:  invalid input syntax for type integer: "Ada"',
    'ERROR:  invalid input syntax for type integer: [value]',
  ],
  [
    'ERROR:  invalid input syntax for type json: "Ada\nLondon"',
    'ERROR:  invalid input syntax for type json: [value]',
  ],
  [
    'ERROR:  value "99 Ada" is out of range for type integer',
    'ERROR:  value [value] is out of range for type integer',
  ],
])('a value that an error quotes is not told: %j', (line, told) => {
  const head = 'pg_restore: error: COPY failed for table "users": ';
  expect(withoutRows(`${head}${line}`)).toBe(`${head}${told}`);
});

test.each([
  'pg_restore: error: could not execute query: ERROR:  extension "postgis" is not available',
  'pg_dump: error: query failed: ERROR:  permission denied for table users',
  'pg_restore: error: could not execute query: ERROR:  relation "public.users" does not exist',
  'pg_restore: [custom archiver] unexpected end of file',
])('what stands in the way is told: %s', (line) => expect(withoutRows(line)).toBe(line));

test('of a log whose beginning is gone the first lines may be of a row', () => {
  const log = said('example.org) is duplicated.', 'pg_restore: error: it ended');
  expect(withoutRows(log, true)).toBe('pg_restore: error: it ended');
});
