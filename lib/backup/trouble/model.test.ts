import { expect, test } from 'vitest';
import { changesOf, closedText, openedText, troubleWords } from './model';

const failed = { subject: 'database:shop', trouble: 'failed', sentence: 'The folder has no space left.' };
const spoilt = { subject: 'database:shop', trouble: 'spoilt:a.dump', sentence: 'The file is gone.' };

test('what is found again is told neither as new nor as over, whatever its sentence says by now', () => {
  expect(changesOf([], [failed, spoilt])).toEqual({ opened: [failed, spoilt], closed: [] });
  expect(changesOf([failed], [{ ...failed, sentence: 'Another reason.' }, spoilt])).toEqual({
    opened: [spoilt],
    closed: [],
  });
  expect(changesOf([failed, spoilt], [spoilt])).toEqual({ opened: [], closed: [failed] });
});

test('each trouble has words for its beginning and its end', () => {
  expect(openedText('Copies of Shop', failed)).toEqual({
    title: 'Copies of Shop: the last run failed',
    sentence: failed.sentence,
  });
  expect(openedText('Copies of Shop', { ...failed, trouble: 'missed' }).title).toBe(
    'Copies of Shop: runs were missed',
  );
  expect(openedText('Copies of Shop', spoilt).title).toBe('Copies of Shop: a.dump is spoilt');
  for (const trouble of ['failed', 'missed', 'spoilt:a.dump'])
    expect(closedText('Copies of Shop', { ...failed, trouble }).title).toBe('Copies of Shop: well again');
});

test.each([
  [[], ''],
  [['copies of Shop'], 'Backups need a look: copies of Shop.'],
  [['copies of Shop', 'archives', 'archives'], 'Backups need a look: copies of Shop and archives.'],
  [['a', 'b', 'c', 'd'], 'Backups need a look: a, b and 2 more.'],
])('the overview says of %j: %s', (names, says) => {
  expect(troubleWords(names)).toBe(says);
});
