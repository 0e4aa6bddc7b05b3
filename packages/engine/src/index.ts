export {
  type Engine,
  type EngineOptions,
  openEngine,
  type PlanResult,
  SourceAtWorkError,
  type SynchronizeOptions,
} from './engine.ts'
export { RunNotHeldError } from './held-runs.ts'
export {
  ColumnsDifferError,
  DamagedDeliveryError,
  DeliveryNotOpenError,
  InitialRefusedError,
  UnknownDeliverySourceError,
} from './receive/errors.ts'
