import { expect, test } from 'vitest';
import { checkData, type DataHistory, dataInvariants } from './testing/checker/data';

const AT = Date.UTC(2026, 10, 22, 12);

/** An entry so many seconds after the beginning. */
const entry = (action: string, second: number, details: object = {}, worker = 'w-1'): string =>
  JSON.stringify({
    action,
    at: new Date(AT + second * 1000).toISOString(),
    actor: { kind: 'worker', id: worker },
    change: 1,
    result: 'ok',
    details,
  });
const order = (second: number, isCarriedOut: boolean, worker = 'w-1') => ({
  worker,
  atMs: AT + second * 1000,
  isCarriedOut,
});
const signed = { name: 'signed', isSigned: true, isEnded: true };
const none = { change: 1, copies: [], files: [], sessions: [], orders: [] };

const session: DataHistory = {
  ...none,
  audit: [entry('change.claimed', 0, { epoch: 1 }), entry('change.intent', 1, { epoch: 1 })],
  sessions: [signed, { name: 'other', isSigned: false, isEnded: false }],
  orders: [order(2, true)],
};
const object = 'shop-1.dump';
const copy: DataHistory = {
  ...none,
  audit: [entry('backup.asked', 1), entry('backup.started', 2), entry('backup.kept', 3)],
  copies: [{ state: 'kept', object }],
  files: [object],
};
const more = (history: DataHistory, ...audit: string[]): DataHistory => ({
  ...history,
  audit: [...history.audit, ...audit],
});

test.each([
  ['one session', session],
  ['one copy', copy],
  [
    'an order that came too late and ended nothing',
    { ...session, orders: [order(2, true), order(9, false)] },
  ],
  ['a copy that failed and left nothing', { ...copy, copies: [{ state: 'failed', object }], files: [] }],
  [
    'one that was withdrawn and asked for again',
    more(copy, entry('backup.withdrawn', 4), entry('backup.asked', 5)),
  ],
])('%s breaks nothing', (_, history) => {
  expect(checkData(history)).toEqual([]);
});

const claimed = entry('change.claimed', 2, { epoch: 2 }, 'w-2');
const wentBack = entry('change.undo_started', 2);

const breaches: readonly [(typeof dataInvariants)[number], string, DataHistory][] = [
  ['D1', 'two copies', { ...copy, copies: [...copy.copies, { state: 'wanted', object: 'shop-2.dump' }] }],
  ['D1', 'a file of no copy', { ...copy, files: [object, 'shop-2.dump'] }],
  ['D1', 'a copy that was asked for twice', more(copy, entry('backup.asked', 2))],
  ['D1', 'a copy that was kept twice', more(copy, entry('backup.kept', 4))],
  ['D1', 'a kept copy without its file', { ...copy, files: [] }],
  ['D1', 'a failed one with a file', { ...copy, copies: [{ state: 'failed', object }] }],
  ['D2', 'a session that nobody signed', { ...session, sessions: [signed, { ...signed, isSigned: false }] }],
  ['D2', 'two orders that ended one', { ...session, orders: [order(2, true), order(3, true)] }],
  ['D3', 'an order after the way back', { ...more(session, wentBack), orders: [order(3, true)] }],
  ['D3', 'an order of a worker that was overtaken', { ...more(session, claimed), orders: [order(3, true)] }],
  ['D3', 'a copy that was begun after the way back', more(copy, entry('change.undo_started', 1))],
  ['D4', 'an order that was not announced', { ...session, orders: [order(2, true), order(3, false, 'w-3')] }],
  ['D4', 'a copy that nobody asked for', { ...copy, audit: [] }],
];

test.each(breaches)('%s: %s is seen', (invariant, _, history) => {
  expect(checkData(history).map((violation) => violation.invariant)).toContain(invariant);
});

test('every invariant of databases has a history that breaks it', () => {
  const seen = new Set(breaches.map(([invariant]) => invariant));
  expect(dataInvariants.filter((one) => !seen.has(one))).toEqual([]);
});
