import { version } from '@/package.json';

/** The version of Signalbox that writes an archive. */
export const programVersion: string = version;
