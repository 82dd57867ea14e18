import type { Elsewhere, Panel } from './panel-way';

const form = 'components/change/staged-form.test.tsx';
const run = 'components/change/staged-execution.test.tsx';
const weights = 'components/change/traffic-panel.test.tsx';
const never = (why: string, test: string, file: string): Elsewhere => ({ why, file, test });

/** Panels of changes that take several steps; none of those runs while the panels are looked at. */
export const stagedPanels: Panel[] = [
  {
    panel: 'plan: colours',
    loading: never(
      'the watch has them before the page asks',
      'says that the colours are being read, and of old ones since when',
      form,
    ),
    empty: never(
      'every pair of the production is there',
      'says that there is no pair where there is none',
      form,
    ),
    stale: never(
      'a form does not wait for a source',
      'says that the colours are being read, and of old ones since when',
      form,
    ),
    error: never('a form does not wait for a source', 'says why the colours are not known', form),
  },
  {
    panel: 'change: traffic',
    loading: { with: 'change: change' },
    empty: never('only a change of several steps has it', 'a change of one write has none', run),
    stale: never('no change of several steps runs here', 'old weights say since when', weights),
    error: never(
      'no change of several steps runs here',
      'a region that cannot be read costs its own line',
      run,
    ),
  },
];
