/**
 * Who may import whom. The two flows of the architecture are held here:
 *   lib/sources -> lib/<domain> -> app -> components        (reading)
 *   lib/change -> worker -> lib/change/execute -> lib/actuators  (writing)
 * Tests may import what they test with; every other rule is an error.
 */
const tests = '\\.test\\.tsx?$|(^|/)testing/';
const ours = '^(app|components|lib|worker|cli|sandbox|scripts|e2e|bench)/';

/** A rule: files of `from` may not import `to`. */
const never = (name, comment, from, to, { except, exceptTo } = {}) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from, pathNot: [tests, ...(except ? [except] : [])] },
  to: { path: to, ...(exceptTo ? { pathNot: exceptTo } : {}) },
});

module.exports = {
  forbidden: [
    {
      name: 'no-cycle',
      comment: 'Modules that need each other are one module, or lack a third. Types may go round.',
      severity: 'error',
      from: { pathNot: [tests, '^sandbox/'] },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'resolvable',
      comment: 'Every import must lead somewhere.',
      severity: 'error',
      from: { path: ours },
      to: { couldNotResolve: true, pathNot: '^(server-only|next/|@/prisma/generated)' },
    },
    never('core-alone', 'lib/core imports nothing of ours.', '^lib/core/', ours, { exceptTo: '^lib/core/' }),
    never(
      'lib-below',
      'lib knows no page, no process and no pretend production.',
      '^lib/',
      '^(app|components|worker|cli|sandbox|scripts|e2e|bench)/',
    ),
    never(
      'sources-low',
      'The read side knows core, the configuration and names of services, and no domain that interprets it.',
      '^lib/sources/',
      '^lib/',
      { exceptTo: '^lib/(core|config|sources)/' },
    ),
    never(
      'actuators-low',
      'The write side knows core, the configuration and how to connect, and no domain.',
      '^lib/actuators/',
      '^lib/',
      {
        exceptTo:
          '^lib/(core|config|actuators|sources/kubernetes|sources/postgresql|sources/source-error|sources/http)',
      },
    ),
    never(
      'actuators-fenced',
      'Only the execution of a change and the dry run of its plan may write to a cluster or end sessions; the worker connects them.',
      ours,
      '^lib/actuators/',
      { except: '^(lib/(actuators|change/(execute|plan|staged|data|verify))|worker)(/|\\.ts$)' },
    ),
    never(
      'web-never-writes',
      'The web process has no way to a cluster write.',
      '^(app|components)/',
      '^lib/actuators/',
    ),
    {
      name: 'web-never-restores',
      comment:
        'The account that puts copies back, and drops what a restore replaced, is read by the worker alone.',
      severity: 'error',
      from: { path: '^(app|components)/', pathNot: tests },
      to: {
        path: '^lib/(backup/restore/(load|load-copies|clear-loads|drop-set-aside|drop-at-server|check-setup)\\.ts$|actuators/postgres/restore/server\\.ts$)',
        reachable: true,
      },
    },
    never(
      'contracts-anywhere',
      'Contracts and models run in browsers: they import no server code.',
      '^lib/.*/((row-)?contract|model|client)\\.ts$',
      '^(lib/(db|sources|actuators)/|prisma/|node_modules/(pg|@prisma|@kubernetes))',
      { except: '^lib/(db|sources|actuators)/' },
    ),
    {
      name: 'contracts-use-zod-mini',
      comment: 'Browsers parse with zod/mini: the full zod is 30 kB more on every page.',
      severity: 'error',
      from: {
        path: '^(components/|lib/.*/((row-)?contract|model|client)\\.ts$)',
        pathNot: [tests, '^lib/(db|sources|actuators)/'],
      },
      to: { path: '(^|/)node_modules/zod/(index|v4/classic/)', reachable: true },
    },
    never(
      'ui-pure',
      'Primitives and charts know no domain: the notion of an error and the shape of a series is all they share.',
      '^components/(ui|charts)/',
      ours,
      { exceptTo: '^(components/(ui|charts)/|lib/core/|lib/http/client\\.ts$|lib/service/contract\\.ts$)' },
    ),
    never(
      'components-no-server',
      'Components reach the server through contracts and the API only.',
      '^components/',
      '^(lib/(db|sources|actuators)/|lib/.*/(view|store)\\.ts$|lib/http/(route|start)\\.ts$|lib/access/(session|auth-options)\\.ts$|prisma/|worker/|cli/|sandbox/|app/)',
    ),
    never(
      'status-alone',
      'The public page cannot reach private data by construction.',
      '^app/status/',
      ours,
      { exceptTo: '^(app/status/|components/(status|ui|charts)/|lib/(status|core|http|config)/)' },
    ),
    never('worker-no-pages', 'The worker has no pages.', '^(worker|cli)/', '^(app|components|sandbox)/'),
    never(
      'sandbox-unknown',
      'Nothing of the product knows the pretend production.',
      '^(app|components|lib|worker|cli)/',
      '^sandbox/',
    ),
    never(
      'sandbox-own-clients',
      'The pretend production speaks the wire; it shares no code with the clients that read it.',
      '^sandbox/',
      '^(app|components|worker|cli|lib)/',
      { exceptTo: '^lib/(core|config)/' },
    ),
    never(
      'one-chart-folder',
      'The chart library stays behind components/charts.',
      ours,
      'node_modules/recharts/',
      {
        except: '^components/charts/',
      },
    ),
    never(
      'promql-grammar-with-linter',
      'The grammar of PromQL is for the command line: neither browsers nor web and worker load it.',
      '^(app|components|lib|worker)/',
      '(^|/)node_modules/@prometheus-io/',
      { except: '^lib/slo/lint/' },
    ),
    never(
      'linter-on-the-command-line',
      'The linter of foreign rules, with its grammar, is loaded by the command line alone.',
      '^(app|components|lib|worker)/',
      '^lib/slo/lint/',
      { except: '^lib/slo/lint/' },
    ),
    never(
      'database-fenced',
      'Pages and components never hold a database client.',
      '^(app|components)/',
      '^(prisma/|node_modules/(@prisma|pg)/)',
    ),
    {
      name: 'no-dev-packages',
      comment: 'What runs in production is installed in production.',
      severity: 'error',
      from: { path: '^(app|components|lib|worker|cli)/', pathNot: tests },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(\\.next|dist|prisma/generated|\\.signalbox)' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['react-server', 'import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mts', '.mjs', '.js', '.json'],
    },
  },
};
