import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Files that take a minute and more. In a clone that never ran them vitest knows only how large files are, and the
 * longest, begun last, would keep one runner when the others have nothing left to do.
 */
const long = /\/worker\/(?:faults\/[a-z-]*schedules|recovery|restore|backup-change|migration-release)\./;

/** vitest's order, but long files before all others. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification) => long.test(moduleId);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}
