/**
 * By what a work folder is known to whoever keeps the results of its jobs: an id that stays, whatever the machine is called.
 *
 * @module
 */
import { randomUUID } from 'node:crypto'
import { link, rm, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { makePrivateFolder, privateFileMode, readIfThere, writeDurably } from '@sluice/files'
import type { JobAgent } from '@sluice/model'
import { z } from 'zod'

const noteSchema = z.object({ agent: z.uuid() })

/** Gives the folder its id where it has none. */
export async function identityOf(workFolder: string): Promise<JobAgent> {
  const folder = join(workFolder, 'state')
  const path = join(folder, 'agent.json')
  const agent = (await idIn(path)) ?? (await newIdIn(folder, path))
  return { agent, host: hostname(), folder: workFolder }
}

/** One that is broken counts as none. */
async function idIn(path: string): Promise<string | undefined> {
  const text = await readIfThere(path)
  if (text === undefined) return undefined
  try {
    return noteSchema.parse(JSON.parse(text)).agent
  } catch {
    return undefined
  }
}

/** Of two processes that give one at once, both get the same. */
async function newIdIn(folder: string, path: string): Promise<string> {
  await makePrivateFolder(folder)
  const agent = randomUUID()
  const text = `${JSON.stringify({ agent })}\n`
  const draft = join(folder, `agent-${agent}.new`)
  await writeFile(draft, text, { mode: privateFileMode, flag: 'wx' })
  try {
    await link(draft, path)
    return agent
  } catch {
    const found = await idIn(path)
    if (found === undefined) await writeDurably(path, text)
    return found ?? agent
  } finally {
    await rm(draft, { force: true })
  }
}
