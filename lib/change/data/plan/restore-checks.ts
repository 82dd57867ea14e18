import 'server-only';
import type { Survey } from '@/lib/actuators/postgres/restore/survey';
import { formatBytes } from '@/lib/core/bytes';
import { formatDuration } from '@/lib/core/duration';
import type { Precheck } from '../../contract';
import type { Rows } from './count-rows';

const check = (id: string, title: string, result: Precheck['result'], detail: string): Precheck => ({
  id,
  title,
  result,
  detail,
});

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Whether the account can do each step; what it lacks is told as the statement that gives it. */
export function accountCheck(found: Survey): Precheck {
  const { account, owner, isOwner, mayCreate, mayEnd, withSettings, mayAlterRoles } = found;
  const lacks = [
    ...(isOwner ? [] : [`GRANT ${quoted(owner)} TO ${quoted(account)}`]),
    ...(mayCreate ? [] : [`ALTER ROLE ${quoted(account)} CREATEDB`]),
    ...(mayEnd ? [] : [`GRANT pg_signal_backend TO ${quoted(account)}`]),
    ...(withSettings.length === 0 || mayAlterRoles
      ? []
      : [
          `ALTER ROLE ${quoted(account)} CREATEROLE, for the settings that ${withSettings.join(', ')} have in it`,
        ]),
  ];
  const title = 'The account may make, rename and close databases';
  return lacks.length === 0
    ? check('account', title, 'pass', `${account} owns the database or is a member of ${owner}.`)
    : check('account', title, 'fail', `${account} lacks rights: ${lacks.join('; ')}.`);
}

/** What keeps the name of a database from changing, or makes it another kind of thing. */
export function renameCheck(
  { prepared, slots, isTemplate, open, connectedTo }: Survey,
  name: string,
): Precheck {
  const title = 'Nothing holds its name';
  if (connectedTo === name) {
    const detail = `The account connects to ${name} itself: a database that one is in cannot be renamed. Name another one in its URL, such as postgres.`;
    return check('rename', title, 'fail', detail);
  }
  if (isTemplate)
    return check('rename', title, 'fail', `${name} is a template. ALTER DATABASE … IS_TEMPLATE false first.`);
  if (!open)
    return check('rename', title, 'fail', `${name} lets nobody in already: find out who closed it, and why.`);
  if (prepared > 0) {
    const detail = `${prepared} prepared transaction${prepared === 1 ? '' : 's'} wait in it (pg_prepared_xacts): COMMIT PREPARED or ROLLBACK PREPARED them first.`;
    return check('rename', title, 'fail', detail);
  }
  if (slots.length > 0) {
    const detail = `Logical replication slots stay with the old database, so that their readers stop: ${slots.join(', ')}.`;
    return check('rename', title, 'warn', detail);
  }
  return check('rename', title, 'pass', 'No prepared transaction, no logical replication slot.');
}

/** The server does not tell how much room its disk has. */
export const roomCheck = (databaseBytes: number): Precheck =>
  check(
    'room',
    'Room at the server',
    'warn',
    `Old and new database lie beside each other: about ${formatBytes(databaseBytes)} more. The server does not tell what its disk has left; look before you sign.`,
  );

const grouped = (count: number): string => count.toLocaleString('en-GB');
function differText(tables: number): string {
  if (tables === 0) return 'none differs in its number of rows';
  return tables === 1
    ? '1 of them differs in its number of rows'
    : `${tables} of them differ in their numbers of rows`;
}

export function lossCheck(snapshotAt: string, nowMs: number, rows: Rows, problem: string | null): Precheck {
  const age = formatDuration(Math.max(0, Math.round((nowMs - Date.parse(snapshotAt)) / 1000)));
  const since = `${snapshotAt.slice(0, 16).replace('T', ' ')} UTC`;
  const counted =
    rows.now === null
      ? `What there is now could not be counted: ${problem ?? 'no reason given'}.`
      : `${grouped(rows.copy)} rows in the copy, ${grouped(rows.now)} now, of ${rows.tables} ${rows.tables === 1 ? 'table' : 'tables'}; ${differText(rows.differing.length + rows.unnamed)}.`;
  return check('loss', 'What is lost', 'warn', `Everything written since ${since}, ${age} ago. ${counted}`);
}

export const sessionsCheck = (sessions: number): Precheck =>
  sessions === 0
    ? check('sessions', 'Who is in it', 'pass', 'Nobody now.')
    : check(
        'sessions',
        'Who is in it',
        'warn',
        `${sessions} session${sessions === 1 ? '' : 's'}: ended when it is closed, and refused until the switch.`,
      );

/** Trust.md 2: nobody alone puts other data in the place of those of production. */
export const signersCheck = (signOffs: number, policy: string): Precheck =>
  signOffs >= 2
    ? check('signers', 'At least two sign', 'pass', `${signOffs} sign-offs by the policy ${policy}.`)
    : check(
        'signers',
        'At least two sign',
        'fail',
        `The policy ${policy} asks for ${signOffs === 1 ? 'one sign-off' : 'no sign-off'}; a restore needs two at least. Add a policy for the action restore to signalbox.yaml.`,
      );
