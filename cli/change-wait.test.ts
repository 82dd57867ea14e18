import http from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { waitFor } from './change-wait';
import { Console } from './console';

let stop = async () => {};
afterEach(() => stop());

const change = (state: string, finishedAt: string | null, seqs: number[] = []) => ({
  change: {
    ...{
      id: 'c-7',
      title: 'Deploy API',
      state,
      sentence: 'Step 5 of 17.',
      requesterName: 'Sam',
      reason: 'x',
    },
    ...{ planHash: 'h', createdAt: '2026-11-22T10:00:00Z', finishedAt, outcome: null },
  },
  signOffs: [],
  observations: seqs.map((seq) => ({ seq, at: '2026-11-22T10:00:00Z', sentence: `Entry ${seq}.` })),
  next: 'A passing verdict.',
});

/** A console that answers as told: an object is the change, a number a status, null no answer at all. */
async function consoleThat(
  answers: (object | number | null)[],
  onTrouble: (line: string) => void,
): Promise<Console> {
  const server = http.createServer((_, response) => {
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    if (answer === null || answer === undefined) response.destroy();
    else if (typeof answer === 'number') response.writeHead(answer).end('Bad gateway');
    else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stop = () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return new Console(new URL(`http://127.0.0.1:${address.port}`), 'token', { onTrouble });
}

const wait = async (answers: (object | number | null)[], timeoutSeconds: number) => {
  const said: string[] = [];
  const say = (line: string) => void said.push(line);
  const signal = new AbortController().signal;
  const console = await consoleThat(answers, say);
  const waited = await waitFor(console, 'c-7', { timeoutSeconds, intervalSeconds: 0.05, signal, say });
  return { ...waited, said: said.join('\n') };
};

test.each([
  ['is gone', null],
  ['answers 502 alone', 502],
])(
  'a console that %s until the time is over leaves the end unknown: 5, not the 1 of a failure',
  async (_, then) => {
    const { answer, exitCode, said } = await wait([change('Running', null), then], 1);
    expect([answer?.change.state, exitCode]).toEqual(['Running', 5]);
    expect(said).toContain('does not answer');
    expect(said).toContain('How c-7 stands is not known. It goes on without this command');
  },
);

test('a console that was never reached leaves it unknown too', async () => {
  expect(await wait([null], 0.5)).toMatchObject({ answer: null, exitCode: 5 });
});

test.each([
  ['Succeeded', 0],
  ['Failed', 1],
  ['BackedOut', 3],
  ['Rejected', 4],
  ['Voided', 4],
  ['Expired', 4],
  ['Cancelled', 4],
  ['AStateOfANewerConsole', 1],
])('%s ends with %i, through a restart of the console', async (state, code) => {
  const answers = [change('Running', null), null, 502, change(state, '2026-11-22T10:10:00Z')];
  const { exitCode, said } = await wait(answers, 60);
  expect(exitCode).toBe(code);
  expect(said).toContain('The console answers again.');
  expect(said).toContain(`c-7 ended: ${state}.`);
});

test('each entry of the log is printed once, and those that it has no longer are named', async () => {
  const ended = '2026-11-22T10:10:00Z';
  const answers = [
    change('Running', null, [1, 2]),
    null,
    change('Running', null, [2, 3]),
    change('Succeeded', ended, [9, 10]),
  ];
  const { said } = await wait(answers, 60);
  expect(said.match(/Entry \d+|\d+ entries before/g)).toEqual([
    'Entry 1',
    'Entry 2',
    'Entry 3',
    '5 entries before',
    'Entry 9',
    'Entry 10',
  ]);
});
