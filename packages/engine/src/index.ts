export {
  type Engine,
  type EngineOptions,
  openEngine,
  SourceAtWorkError,
  type SynchronizeOptions,
} from './engine.ts'
export { RunNotHeldError } from './held-runs.ts'
export type { PlanResult } from './plan-delivery.ts'
export {
  ColumnsDifferError,
  DamagedDeliveryError,
  DeliveryNotOpenError,
  InitialRefusedError,
  UnknownDeliverySourceError,
} from './receive/errors.ts'
