/**
 * Files to plan with, as they arrive at a server: beside the deliveries of the inbox, and in no queue.
 *
 * @module
 */
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Manifest } from '@sluice/protocol'
import { z } from 'zod'
import { checkManifest } from './check-delivered.ts'
import { DeliveryFiles } from './delivery-files.ts'
import { filesOf } from './missing-file.ts'
import type { AppendedBytes } from './server-inbox.ts'

export interface PlanFiles {
  /** Writes at the end of a file and returns its new size. Throws `OffsetDiffersError` where `offset` is not the end. */
  append(plan: string, file: string, bytes: AppendedBytes): Promise<number>
  /** How many bytes of a file have arrived. */
  received(plan: string, file: string): Promise<number>
  /** Holds the files to what the manifest says of them, works with their folder, and removes it. */
  use<T>(plan: string, manifest: Manifest, work: (folder: string) => Promise<T>): Promise<T>
  /** Removes the files of plans to which nothing came for so many milliseconds. */
  sweep(milliseconds: number): Promise<void>
}

/** `folder`: the inbox; its deliveries are called by their ids, so none is in the way. */
export function planFilesIn(inbox: string, deliverySize = Number.POSITIVE_INFINITY): PlanFiles {
  const folder = join(inbox, 'plans')
  const arriving = new Map<string, DeliveryFiles>()
  const folderOf = (plan: string) => join(folder, z.uuid().parse(plan))
  const filesOfPlan = (plan: string) => arriving.get(plan) ?? new DeliveryFiles(plan, folderOf(plan))
  const discard = async (plan: string) => {
    arriving.delete(plan)
    await rm(folderOf(plan), { recursive: true, force: true })
  }
  return {
    async append(plan, file, { offset, content, limit = Number.POSITIVE_INFINITY }) {
      const files = filesOfPlan(plan)
      arriving.set(plan, files)
      return await files.append(file, {
        offset,
        content,
        declared: undefined,
        limit: Math.min(limit, deliverySize),
        stillOpen: async () => true,
      })
    },
    received: async (plan, file) => await filesOfPlan(plan).sizeOf(file),
    async use(plan, manifest, work) {
      try {
        const files = filesOfPlan(plan)
        for (const file of filesOf(checkManifest(plan, manifest))) await files.verify(file, { sync: false })
        return await work(folderOf(plan))
      } finally {
        await discard(plan)
      }
    },
    async sweep(milliseconds) {
      const before = Date.now() - milliseconds
      for (const plan of await readdir(folder).catch(() => [])) {
        if (!z.uuid().safeParse(plan).success) continue
        if ((await lastWritten(folderOf(plan))) < before) await discard(plan)
      }
    },
  }
}

/** When anything in the folder was written, in milliseconds since 1970. */
async function lastWritten(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => [])
  const times = [folder, ...names.map((name) => join(folder, name))].map(async (path) => {
    const found = await stat(path).catch(() => undefined)
    return found?.mtimeMs ?? 0
  })
  return Math.max(...(await Promise.all(times)))
}
