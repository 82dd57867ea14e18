/**
 * Pages in a test are waited for as long as a busy machine needs: Testing Library gives up after a second otherwise.
 * Tests without a document do not load it.
 */
if (typeof document !== 'undefined') {
  const { configure } = await import('@testing-library/dom');
  configure({ asyncUtilTimeout: 20_000 });
}

export {};
