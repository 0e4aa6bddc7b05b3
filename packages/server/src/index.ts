export { createLog, type LogFormat, type LogLevel, type LogOptions } from './log/create-log.ts'
export { AddressError, CertificateError } from './server-errors.ts'
export { type RunningServer, type ServerOptions, startServer } from './start-server.ts'
