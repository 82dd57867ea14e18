// @vitest-environment jsdom
import { act, cleanup, render } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ThemeKeeper } from './theme-keeper';

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function drawn(choice: string, prefersLight: boolean) {
  const listeners = new Set<() => void>();
  const query = {
    matches: prefersLight,
    addEventListener: (_: string, listener: () => void) => listeners.add(listener),
    removeEventListener: (_: string, listener: () => void) => listeners.delete(listener),
  };
  vi.stubGlobal('matchMedia', () => query);
  const { dataset } = document.documentElement;
  dataset['choice'] = choice;
  dataset['theme'] = 'dark';
  const { unmount } = render(<ThemeKeeper />);
  return { dataset, query, listeners, unmount };
}

describe('the theme of a page that the browser draws alone', () => {
  it('is the one of the system, also when that changes', () => {
    const { dataset, query, listeners, unmount } = drawn('system', true);
    expect(dataset['theme']).toBe('light');
    query.matches = false;
    act(() => {
      for (const listener of listeners) listener();
    });
    expect(dataset['theme']).toBe('dark');
    unmount();
    expect(listeners.size).toBe(0);
  });

  it('stays the one that was chosen', () => {
    expect(drawn('dark', true).dataset['theme']).toBe('dark');
  });
});
