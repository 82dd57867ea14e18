import { isBackVerb, type RestoreFacts, type RestoreMove, type RestoreVerb } from './restore-facts';
import type { Layout } from './restore-layout';

type Known = Exclude<Layout, { stage: 'strange' }>;

/** What the server shows when an act was carried out, and when it was not. */
const signs: Record<RestoreVerb, { done: (layout: Known) => boolean; before: (layout: Known) => boolean }> = {
  make: {
    done: ({ stage }) => stage !== 'untouched' && stage !== 'unfinished',
    before: ({ stage }) => stage === 'untouched' || stage === 'unfinished',
  },
  close: { done: ({ stage }) => stage === 'closed', before: ({ stage }) => stage === 'made' },
  switch: {
    done: (layout) => layout.stage === 'switched' && layout.isOpen,
    before: ({ stage }) => stage === 'closed',
  },
  'switch-back': {
    done: ({ stage }) => stage === 'made',
    before: ({ stage }) => stage === 'switched',
  },
  open: { done: ({ stage }) => stage === 'made', before: ({ stage }) => stage === 'closed' },
  drop: {
    done: ({ stage }) => stage === 'untouched',
    before: ({ stage }) => stage === 'made' || stage === 'unfinished',
  },
};

/** An act without an end: the names at the server tell whether it was carried out. */
export function decideOpenAct(facts: RestoreFacts, verb: RestoreVerb, layout: Layout): RestoreMove {
  if (layout.stage === 'strange') return givenUp(`The act is not repeated: ${layout.what}`);
  const { done, before } = signs[verb];
  if (done(layout)) {
    return {
      do: 'recover',
      as: 'adopted',
      sentence: 'It had been carried out before that could be written down.',
    };
  }
  if (!before(layout)) return givenUp('The act is not repeated: the databases are not as it found them.');
  if (facts.backingOut && !isBackVerb(verb)) return givenUp('The act is not repeated: the change goes back.');
  return { do: 'recover', as: 'again', sentence: 'The act was not carried out; it is done again.' };
}

const givenUp = (sentence: string): RestoreMove => ({ do: 'recover', as: 'given-up', sentence });
