/**
 * The suite `sync-up`: upward synchronization, one Markdown file per case.
 *
 * @module
 */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ConformanceCase, Suite } from '../suite.ts'
import { type Case, CaseFormatError, readCase } from './read-case.ts'
import { replayCase } from './replay-case.ts'

export const syncUp: Suite = {
  name: 'sync-up',
  async readCases(folder) {
    const names = (await readdir(folder)).filter((name) => name.endsWith('.md') && name !== 'README.md')
    names.sort()
    return Promise.all(
      names.map(async (name) => conformanceCase(name, await readFile(join(folder, name), 'utf8'))),
    )
  },
}

function conformanceCase(fileName: string, text: string): ConformanceCase {
  const title = /^# +(\S+) +(.*)$/m.exec(text)
  const id = title?.[1] ?? fileName.replace(/\.md$/, '')
  const read = attempt(text)
  return {
    id,
    title: title?.[2]?.trim() ?? fileName,
    async replay(workplace) {
      if (read instanceof CaseFormatError) {
        const difference = {
          block: read.block,
          expected: 'a case in the format of the suite',
          found: read.message,
        }
        return { outcome: 'failed', difference }
      }
      return replayCase(read, workplace)
    },
  }
}

/** A file that is no case fails when its turn comes, and the others are replayed. */
function attempt(text: string): Case | CaseFormatError {
  try {
    return readCase(text)
  } catch (error) {
    if (error instanceof CaseFormatError) return error
    throw error
  }
}
