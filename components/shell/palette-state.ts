'use client';

const event = 'signalbox:palette';

/** Opens the command palette from anywhere. */
export const openPalette = (): void => {
  window.dispatchEvent(new CustomEvent(event));
};

export function onPaletteOpen(listener: () => void): () => void {
  window.addEventListener(event, listener);
  return () => window.removeEventListener(event, listener);
}
