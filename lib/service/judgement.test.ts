import { expect, test } from 'vitest';
import { serviceStates } from './contract';
import { type Sentence, withSwitches } from './judgement';

const stopped = 'FREEZE everywhere, pulled by Dara: nothing starts, and what runs stays as it is.';
const sentence = (state: Sentence['state']): Sentence => ({ state, lead: 'Lead.', rest: 'Rest.' });

test('a pulled switch comes first unless something is wrong', () => {
  const leads = serviceStates.map((state) => withSwitches(sentence(state), stopped, 'Later.').lead);
  expect(leads).toEqual(['Lead.', 'Lead.', 'Lead.', 'Lead.', 'Lead.', stopped, stopped]);
  expect(withSwitches(sentence('healthy'), stopped, 'Later.')).toEqual({
    state: 'degraded',
    lead: stopped,
    rest: 'Lead. Rest. Later.',
  });
  expect(withSwitches(sentence('down'), stopped, '').rest).toBe(`${stopped} Rest.`);
});

test('without one the judgement stays as it is', () => {
  for (const state of serviceStates) expect(withSwitches(sentence(state), '', '')).toEqual(sentence(state));
  expect(serviceStates).toHaveLength(7);
});
