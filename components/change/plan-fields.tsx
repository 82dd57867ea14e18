'use client';

import { CheckField, TextField } from '@/components/ui/field';
import type { RequestPlan } from '@/lib/change/contract';
import type { DeployStrategy, TrafficKind } from '@/lib/change/strategies';
import { type Of, PairBack, ShiftFields } from './colour-fields';
import { type DatabaseOption, DataFields } from './data-fields';
import { MigrationField } from './migration-field';
import { valueError } from './plan-error';
import { RevisionField } from './revision-field';
import { ScaleFields } from './scale-fields';
import { StrategyField, type StrategyTimes } from './strategy-field';

type FieldsProps = {
  value: RequestPlan;
  onChange: (value: RequestPlan) => void;
  error: string | null;
  /** How requests are sent at the place; null: no pair of colours. */
  traffic: TrafficKind | null;
  times: StrategyTimes;
  /** The service says how it migrates its database. */
  canMigrate: boolean;
  /** It says how it is put into maintenance. */
  canMaintain: boolean;
  /** Of the place. */
  databases?: readonly DatabaseOption[];
};

/** What a change of this kind is asked for beside its place. */
export function KindFields({
  value,
  onChange,
  error,
  traffic,
  times,
  canMigrate,
  canMaintain,
  databases = [],
}: FieldsProps) {
  switch (value.kind) {
    case 'deploy':
      return (
        <>
          <TextField
            label="Version"
            value={value.version}
            onChange={(event) => onChange({ ...value, version: event.target.value.trim() })}
            hint="The image tag to run"
            error={error}
            autoComplete="off"
            spellCheck={false}
            className="mono"
          />
          <CheckField
            label="Redeploy"
            hint="The version runs already, or its tag is one that moves, and that is meant."
            checked={value.redeploy ?? false}
            onChange={({ target }) => {
              const { redeploy: _, ...rest } = value;
              onChange(target.checked ? { ...rest, redeploy: true } : rest);
            }}
          />
          <StrategyField
            value={value.strategy ?? 'rolling'}
            traffic={traffic}
            times={times}
            onChange={(strategy) => onChange(withStrategy(value, strategy))}
          />
          {canMigrate && isStaged(value) && traffic !== 'replicas' ? (
            <MigrationField value={value} onChange={onChange} canMaintain={canMaintain} />
          ) : null}
        </>
      );
    case 'rollback':
      return (
        <>
          {traffic === null ? null : <PairBack value={value} onChange={onChange} />}
          {value.replicaSet === undefined && value.lastKnownGood !== true ? null : (
            <RevisionField value={value} hasPair={traffic !== null} onChange={onChange} />
          )}
        </>
      );
    case 'shift':
      return <ShiftFields value={value} traffic={traffic} onChange={onChange} error={error} />;
    case 'scale':
      return <ScaleFields value={value} traffic={traffic} onChange={onChange} error={error} />;
    case 'restart':
      return (
        <p className="text-text-2">
          Every pod is replaced by one of the same version, as many at a time as the Deployment's strategy
          allows.
        </p>
      );
    case 'set-env':
      return (
        <>
          <TextField
            label="Variable"
            value={value.name}
            onChange={(event) => onChange({ ...value, name: event.target.value.trim() })}
            hint="Of the service's container, such as POOL_SIZE"
            error={error}
            autoComplete="off"
            spellCheck={false}
            className="mono"
          />
          <TextField
            label="Value"
            value={value.value}
            onChange={(event) => onChange({ ...value, value: event.target.value })}
            hint="Readable in the plan and the record: no secrets"
            error={valueError(value.value)}
            autoComplete="off"
            spellCheck={false}
            className="mono"
          />
        </>
      );
    case 'backup':
    case 'end-session':
    case 'restore':
      return <DataFields value={value} onChange={onChange} databases={databases} />;
  }
}

/** A rolling deploy is of one region; what a staged one is asked for besides does not apply to it. */
function withStrategy(value: Of<'deploy'>, strategy: DeployStrategy): RequestPlan {
  const { strategy: _, regions: __, onFailure: ___, migration: ____, maintenance: _____, ...rest } = value;
  return strategy === 'rolling' ? rest : { ...value, strategy };
}

const isStaged = ({ strategy }: Of<'deploy'>): boolean => strategy !== undefined && strategy !== 'rolling';
