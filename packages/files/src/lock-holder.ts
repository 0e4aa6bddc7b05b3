/**
 * Who has a lock, and whether that process can still be looked at from here.
 *
 * A process number means something only among the processes of one namespace, on a machine that was not started anew since:
 * two containers of one image have the same host name and, as often as not, the same number.
 *
 * @module
 */
import { randomUUID } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import { basename } from 'node:path'
import { z } from 'zod'

const holderSchema = z.object({
  /** Of this lock and no other, whoever has the same name and number. */
  id: z.string(),
  pid: z.int().positive(),
  host: z.string(),
  command: z.string(),
  startedAt: z.string(),
  /** The start of the machine and the namespace in which `pid` counts; `null` where the system does not say. */
  place: z.string().nullable(),
  /** Tells a process from a later one of the same number; `null` where the system does not say. */
  processStart: z.string().nullable(),
  /** UTC: when the holder last said that it lives. */
  beatAt: z.string(),
})
export type LockHolder = z.infer<typeof holderSchema>

/** What can be known of a holder without waiting. */
export type Liveness = 'lives' | 'is gone' | 'unknown'

/** This process, with a new identity. */
export function newHolder(): LockHolder {
  const [, script = 'node', ...rest] = process.argv
  const now = new Date().toISOString()
  return {
    id: randomUUID(),
    pid: process.pid,
    host: hostname(),
    command: [basename(script), ...rest].join(' ').slice(0, 200),
    startedAt: now,
    place: placeOfProcesses(),
    processStart: startOf(process.pid) ?? null,
    beatAt: now,
  }
}

/** The text of a lock file. All that one holder ever writes are of one length. */
export function encodeHolder(holder: LockHolder): string {
  return `${JSON.stringify(holder)}\n`
}

/** `undefined`: not written yet, or broken by hand. */
export function decodeHolder(text: string): LockHolder | undefined {
  try {
    return holderSchema.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}

/** `process 123 on host (sluice sync hr)` */
export function describeHolder({ pid, host, command }: LockHolder): string {
  return `process ${pid}${host === hostname() ? '' : ` on ${host}`} (${command})`
}

export function livenessOf({ pid, host, place, processStart }: LockHolder): Liveness {
  if (host !== hostname() || place !== placeOfProcesses()) return 'unknown'
  try {
    process.kill(pid, 0)
  } catch (error) {
    // Not permitted to signal it: it lives, as somebody else's.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return 'is gone'
  }
  // Another process may have its number by now.
  if (processStart === null) return 'unknown'
  const start = startOf(pid)
  if (start === undefined) return 'unknown'
  return start === processStart ? 'lives' : 'is gone'
}

/** Machine start and PID namespace; `null` on other systems than Linux. */
function placeOfProcesses(): string | null {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    return `${boot} ${readlinkSync('/proc/self/ns/pid')}`
  } catch {
    return null
  }
}

/** The clock tick at which a process was started; `null` of one that has ended, `undefined` where it cannot be seen. */
function startOf(pid: number): string | null | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name in parentheses may hold anything; the fields after it are numbered from 3.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (fields[0] === 'Z' || fields[0] === 'X') return null
    return fields[19]
  } catch {
    return undefined
  }
}
