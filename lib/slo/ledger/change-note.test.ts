import { expect, test } from 'vitest';
import { stagedPlan } from '@/lib/change/testing/staged-plan';
import { noteOf } from './change-note';

test('the line of a change with maintenance mode says that its failures were planned', () => {
  const { staged } = stagedPlan;
  const [first] = staged.objects;
  if (first === undefined) throw new Error('The plan has no objects.');
  const maintained = { ...staged, objects: [...staged.objects, { ...first, part: 'maintenance' as const }] };
  expect(noteOf('Because.', { staged: maintained })).toMatch(
    /^Because\. Planned maintenance: requests were refused/,
  );
  expect(noteOf('Because.', { staged })).toBe('Because.');
  expect(noteOf('Because.', { staged: undefined })).toBe('Because.');
});
