// @vitest-environment jsdom
import { cleanup, render } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { ThemeKeeper } from './theme-keeper';

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

it.each([
  ['system', true, 'light'],
  ['system', false, 'dark'],
  ['dark', true, 'dark'],
])('a page that the browser draws alone: chosen %s, light preferred %s, is %s', (choice, matches, theme) => {
  vi.stubGlobal('matchMedia', () => ({ matches }));
  const { dataset } = document.documentElement;
  dataset['choice'] = choice;
  dataset['theme'] = 'dark';
  render(<ThemeKeeper />);
  expect(dataset['theme']).toBe(theme);
});
