/**
 * Whether a server is the one that is meant, by the key that it shows.
 *
 * @module
 */
import { createHash, createHmac } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { ConnectorContext } from '../contract/connector.ts'
import { ManagedSystemError } from '../contract/managed-system-error.ts'
import type { PlaceOptions } from './options.ts'

/** Whether a key is the server's. */
export type IsKnown = (key: Buffer) => boolean

export function fingerprintOf(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`
}

/** @param server Its host, and its port where that is not 22. */
export async function knownKeys(
  { sftp = {} }: Pick<PlaceOptions, 'sftp'>,
  server: { readonly host: string; readonly port: number },
  context: Pick<ConnectorContext, 'resolvePath'>,
): Promise<IsKnown> {
  const { hostKey, knownHosts } = sftp
  const prints = [hostKey ?? []].flat().map((one) => one.replace(/=+$/, ''))
  const keys = knownHosts === undefined ? [] : await keysIn(context.resolvePath(knownHosts), nameOf(server))
  return (key) => prints.includes(fingerprintOf(key)) || keys.some((one) => one.equals(key))
}

function nameOf({ host, port }: { readonly host: string; readonly port: number }): string {
  return port === 22 ? host : `[${host}]:${port}`
}

async function keysIn(path: string, name: string): Promise<readonly Buffer[]> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new ManagedSystemError(`${path} cannot be read.`, { remedy: 'Look at knownHosts.', cause })
  })
  return text.split(/\r?\n/).flatMap((line) => {
    const [names = '', , key] = line.trim().split(/\s+/)
    // Comments, and lines of certificates and revoked keys.
    if (key === undefined || /^[#@]/.test(names)) return []
    return names.split(',').some((one) => isName(one, name)) ? [Buffer.from(key, 'base64')] : []
  })
}

/** Names may be hashed, so that nobody reads in the file which servers somebody knows. */
function isName(written: string, name: string): boolean {
  const [, salt, hash] = /^\|1\|([^|]+)\|(.+)$/.exec(written) ?? []
  if (salt === undefined) return written.toLowerCase() === name.toLowerCase()
  return createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64') === hash
}
