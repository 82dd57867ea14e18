/**
 * Work that is done one after another, in the order in which it was asked for. A test that runs out of time is over for
 * the runner alone: what it had begun goes on, and without this it would do so beside the work of the next test.
 */
export function oneAtATime(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work);
    last = mine.catch(() => {});
    return mine;
  };
}
