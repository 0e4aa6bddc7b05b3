/**
 * Deliveries on their way and their files, for tests of the outbox alone.
 *
 * @module
 */
import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { DeclaredFile } from '@sluice/protocol'
import type { Outgoing } from '../src/outbox/outbox.ts'

/** `d1` and so on, as deliveries are numbered. */
export function id(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`
}

/** An incremental of no files, unless said otherwise. */
export function outgoing(number: number, parts: Partial<Outgoing> = {}): Outgoing {
  return {
    version: 1,
    stage: 'prepared',
    id: id(number),
    source: 'hr',
    mode: 'incremental',
    at: '2026-11-28T00:00:00.000Z',
    manifest: { files: [], timings: { export: 0, prepare: 0 }, notes: [] },
    references: [],
    cookies: false,
    abandoned: [],
    ...parts,
  }
}

/** Writes a file, and what a manifest declares of it. */
export async function declared(folder: string, name: string, text: string): Promise<DeclaredFile> {
  const path = join(folder, name)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text)
  return { name, size: Buffer.byteLength(text), sha256: createHash('sha256').update(text).digest('hex') }
}
