import { expect, test } from 'vitest';
import { adviceOf, OpsError, sentenceOf } from './errors';

test('an error is told as one sentence, with what to do about it', () => {
  const refused = new OpsError('conflict', 'The folder is full.', { next: 'Make room.' });
  expect(sentenceOf(refused)).toBe('The folder is full. Make room.');
  expect(sentenceOf(new Error('connection refused'))).toBe('connection refused.');
  expect(sentenceOf('gone')).toBe('gone.');
  expect(adviceOf(new Error('gone'))).toBe('');
});

test('what nobody may read is taken out of the sentence', () => {
  const error = new Error('password authentication failed for postgres://a:hunter2@db');
  expect(sentenceOf(error, (text) => text.replace('hunter2', '***'))).toBe(
    'password authentication failed for postgres://a:***@db.',
  );
});
