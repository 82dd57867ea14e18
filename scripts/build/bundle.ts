import path from 'node:path';
import { build, type Plugin } from 'esbuild';
import { repositoryRoot } from '../setup/root';

/** The fence `server-only` is for browsers' bundles; in Node it would throw. */
const withoutFence: Plugin = {
  name: 'without-fence',
  setup(setup) {
    setup.onResolve({ filter: /^server-only$/ }, () => ({ path: 'server-only', namespace: 'empty' }));
    setup.onLoad({ filter: /.*/, namespace: 'empty' }, () => ({ contents: '' }));
  },
};

/** Bundles our own code of a program; packages stay in node_modules. */
export async function bundle(entry: string, outfile: string): Promise<void> {
  await build({
    entryPoints: [path.join(repositoryRoot, entry)],
    outfile: path.join(repositoryRoot, outfile),
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    packages: 'external',
    conditions: ['react-server'],
    tsconfig: path.join(repositoryRoot, 'tsconfig.json'),
    plugins: [withoutFence],
    sourcemap: true,
    logLevel: 'silent',
  });
}
