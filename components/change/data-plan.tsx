import { Panel } from '@/components/ui/panel';
import { Time } from '@/components/ui/time-ago';
import type { DeployPlan } from '@/lib/change/contract';
import type { BackupData, Data, EndSessionData } from '@/lib/change/data/contract';
import { dataUndo, levelWords, toolWords } from '@/lib/change/data/sentence';
import { PlanSteps } from './plan-steps';
import { RestorePart } from './restore-plan';

/** The parts of a plan that acts on a database: what it is about, its steps, and what is left to undo. */
export function DataParts({ plan, data }: { plan: DeployPlan; data: Data }) {
  return (
    <>
      {data.do === 'backup' ? <BackupPart data={data} /> : null}
      {data.do === 'end-session' ? <SessionPart data={data} /> : null}
      {data.do === 'restore' ? <RestorePart plan={plan} data={data} /> : null}
      <Panel title="Steps">
        <PlanSteps plan={plan} />
      </Panel>
      <Panel title="Undo">
        <p className="p-3 text-text-2 max-sm:px-4">{dataUndo(data)}</p>
      </Panel>
    </>
  );
}

const list = 'grid gap-x-4 gap-y-1 p-3 max-sm:px-4 sm:grid-cols-[140px_minmax(0,1fr)]';
const term = 'text-text-3';

function BackupPart({ data }: { data: BackupData }) {
  const { name, serverDatabase, serverVersion, level } = data;
  return (
    <Panel title="What is copied">
      <dl className={list}>
        <dt className={term}>Database</dt>
        <dd>
          {name} <span className="mono text-text-2">{serverDatabase}</span>
        </dd>
        <dt className={term}>Server</dt>
        <dd>PostgreSQL {serverVersion}</dd>
        <dt className={term}>Tool</dt>
        <dd className="break-words">{toolWords(data)}</dd>
        <dt className={term}>Has to reach</dt>
        <dd>{levelWords(level)}</dd>
      </dl>
    </Panel>
  );
}

/** The session as it was when the plan was made. */
export function SessionPart({ data }: { data: EndSessionData }) {
  const { name, pid, startedAt, user, application, client, state, stateSince, transactionSince } = data;
  const { wait, query, blocks, blockedBy } = data;
  return (
    <Panel title="Which session" note="as it was when the plan was made; values are left out of queries">
      <dl className={list}>
        <dt className={term}>Session</dt>
        <dd>
          process <span className="mono">{pid}</span> of {name}, begun{' '}
          <Time at={startedAt} parts="full" className="mono" />
        </dd>
        <dt className={term}>Account</dt>
        <dd>{user ?? 'none'}</dd>
        <dt className={term}>Application</dt>
        <dd className="break-words">{application === '' ? 'not named' : application}</dd>
        <dt className={term}>From</dt>
        <dd className="mono">{client ?? 'the machine of the server'}</dd>
        <dt className={term}>State</dt>
        <dd>
          {state ?? 'not known'}
          {stateSince === null ? null : (
            <>
              {' since '}
              <Time at={stateSince} parts="full" className="mono" />
            </>
          )}
        </dd>
        <dt className={term}>Transaction</dt>
        <dd>
          {transactionSince === null ? (
            'none'
          ) : (
            <>
              since <Time at={transactionSince} parts="full" className="mono" />: what it has not committed is
              rolled back
            </>
          )}
        </dd>
        <dt className={term}>Waits for</dt>
        <dd>
          {wait ?? 'nothing'}
          {blockedBy.length === 0 ? '' : `, held by ${blockedBy.join(', ')}`}
        </dd>
        <dt className={term}>Wait for it</dt>
        <dd>{blocks.length === 0 ? 'nobody' : blocks.join(', ')}</dd>
        <dt className={term}>Query</dt>
        <dd>
          <code className="wrap-anywhere">{query ?? 'not known'}</code>
        </dd>
      </dl>
    </Panel>
  );
}
