import { describeError } from './user-error';

/** Runs a program's main function: its number is the exit code; errors are printed as a person reads them. */
export async function program(main: (args: string[]) => Promise<number>): Promise<never> {
  try {
    process.exit(await main(process.argv.slice(2)));
  } catch (error) {
    console.error(describeError(error));
    process.exit(1);
  }
}
