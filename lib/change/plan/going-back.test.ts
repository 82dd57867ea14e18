import { describe, expect, test } from 'vitest';
import { goingBack, type Past } from './going-back';

const ran = (number: number, from: string, to: string, reverts?: string | null): Past => ({
  number,
  plan: {
    from: { version: from, image: `i:${from}` },
    to: { version: to, image: `i:${to}` },
    ...(reverts === undefined ? {} : { goesBack: { reverts, sentence: '' } }),
  },
});
const deploy = (past: Past[], running: string, version: string, good = running) =>
  goingBack(past, { running: `i:${running}`, image: `i:${version}`, version, undo: { image: `i:${good}` } });
const reverts = (...args: Parameters<typeof deploy>) => deploy(...args)?.reverts;

const history = [ran(1, 'a', 'b'), ran(2, 'b', 'c')];

test('the version that the last change replaced is going back, and so are those before it', () => {
  expect(deploy(history, 'c', 'b')).toEqual({ reverts: 'c-2', sentence: 'Puts back b, which c-2 replaced.' });
  expect(reverts(history, 'c', 'a')).toBe('c-1');
});

test('a new version is not, nor is the one that runs', () => {
  expect(deploy(history, 'c', 'd')).toBeNull();
  expect(deploy(history, 'c', 'c')).toBeNull();
});

test('what was undone is not put out again as going back', () => {
  const undone = [...history, ran(3, 'c', 'b', 'c-2')];
  expect(deploy(undone, 'b', 'c')).toBeNull();
  expect(reverts(undone, 'b', 'a')).toBe('c-1');
  const twice = [...history, ran(3, 'c', 'a', 'c-1')];
  expect(deploy(twice, 'a', 'c')).toBeNull();
  expect(deploy(twice, 'a', 'b')).toBeNull();
});

test('where somebody else wrote in between, what ran before is not known', () => {
  expect(deploy(history, 'x', 'b')).toBeNull();
  expect(deploy([ran(1, 'a', 'b'), ran(2, 'x', 'c')], 'c', 'a')).toBeNull();
});

test('the last version known to be good is going back while another runs, and its end is no way back', () => {
  expect(deploy(history, 'bad', 'c', 'c')).toEqual({
    reverts: null,
    sentence: 'Puts back c, the last version known to be good.',
  });
  expect(deploy([...history, ran(3, 'bad', 'c', null)], 'c', 'bad')).toBeNull();
});

test('what was moved by several shifts is put back as one', () => {
  // 20 %, then the rest.
  const moved = [ran(1, 'o', 'a'), ran(2, 'a', 'b'), ran(3, 'a', 'b')];
  expect(reverts(moved, 'b', 'a')).toBe('c-2');
  expect(deploy(moved, 'a', 'b')).toBeNull();
  expect(reverts([...moved, ran(4, 'b', 'a', 'c-2')], 'a', 'o')).toBe('c-1');
});

describe('images that are pinned', () => {
  const [a, b] = ['a', 'b'].map((letter) => `sha256:${letter.repeat(64)}`);
  const past: Past[] = [
    {
      number: 7,
      plan: {
        from: { version: '1', image: 'r/i:1', digest: a },
        to: { version: '2', image: `r/i:2@${b}`, digest: b },
      },
    },
  ];
  const to = (image: string, running: string, runs?: string) =>
    goingBack(past, { version: '1', image, running, runs, undo: { image: running, digest: runs } })?.reverts;

  test('are known again by tag where the other side has no digest, on either side', () => {
    expect(to('r/i:1', `r/i:2@${b}`)).toBe('c-7');
    expect(to(`r/i:1@${a}`, `r/i:2@${b}`)).toBe('c-7');
    expect(to(`r/i:1@${a}`, 'r/i:2')).toBe('c-7');
  });

  test('are not what ran before when the tag was moved since', () => {
    expect(to(`r/i:1@${b}`, `r/i:2@${b}`)).toBeUndefined();
    expect(to(`r/i:1@${a}`, `r/i:2@${a}`)).toBeUndefined();
    expect(to(`r/i:1@${a}`, 'r/i:2', a)).toBeUndefined();
  });
});
