// @vitest-environment jsdom
import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { TabLinks } from './segmented';

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

it('brings the chosen tab into sight where the row is wider than the screen', () => {
  const box = (left: number, width: number) => new DOMRect(left, 0, width, 36);
  vi.spyOn(HTMLElement.prototype, 'getBoundingClientRect').mockImplementation(function (this: HTMLElement) {
    return this.tagName === 'NAV' ? box(0, 300) : box(400, 100);
  });
  const items = ['Overview', 'Changes'].map((label) => ({ key: label, label, href: `/${label}` }));
  render(<TabLinks label="Parts" items={items} current="Changes" />);
  expect(screen.getByRole('navigation').scrollLeft).toBe(300);
});
