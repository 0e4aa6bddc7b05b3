export { DiskFullError, isDiskFull, orDiskFull } from './disk-full.ts'
export { FileWriter, OutputFile, type WrittenFile } from './output-file.ts'
export { describeHolder, type Lock, type LockHolder, takeLock } from './take-lock.ts'
