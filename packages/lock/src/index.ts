export { describeHolder, type Lock, type LockHolder, takeLock } from './take-lock.ts'
