export {};

/**
 * Before each file of unit tests: what a component shows is waited for as long as a busy machine may take. The library
 * alone gives up after a second.
 */
if (typeof document !== 'undefined') {
  const { configure } = await import('@testing-library/dom');
  configure({ asyncUtilTimeout: 20_000 });
}
