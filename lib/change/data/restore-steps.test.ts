import { describe, expect, it } from 'vitest';
import { restoreSteps } from './restore-steps';

describe('the steps of a restore', () => {
  it('begin with the safety copy', () => {
    expect(restoreSteps(true)).toEqual({ copy: 1, close: 2, load: 3, switch: 4, watch: 5 });
  });

  it('move up where no safety copy is made', () => {
    expect(restoreSteps(false)).toEqual({ copy: null, close: 1, load: 2, switch: 3, watch: 4 });
  });
});
