export { AddressError, CertificateError } from './server-errors.ts'
export { type RunningServer, type ServerOptions, startServer } from './start-server.ts'
