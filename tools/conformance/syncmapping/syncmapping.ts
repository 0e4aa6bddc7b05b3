/**
 * The suite `syncmapping`: modules, a graph and what one root comes to; or a text and its first error. One JSON file per case.
 *
 * @module
 */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type ClassModel,
  caseDocument,
  classModelDocument,
  loadClassModel,
  runCase,
} from '@sluice/syncmapping'
import type { ConformanceCase, Outcome, Suite } from '../suite.ts'

const classFile = 'default-class-model.json'

export const syncmapping: Suite = {
  name: 'syncmapping',
  async readCases(folder) {
    const names = await readdir(folder)
    if (!names.includes(classFile)) return []
    const classes = loadClassModel(classModelDocument.parse(await readJson(join(folder, classFile))))
    const cases = names.filter((name) => name.endsWith('.json') && name !== classFile).sort()
    return await Promise.all(
      cases.map(async (name) => conformanceCase(name, await readJson(join(folder, name)), classes)),
    )
  },
}

async function readJson(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, 'utf8'))
}

/** A file that is no case fails when its turn comes, and the others are run. */
function conformanceCase(name: string, document: unknown, classes: ClassModel): ConformanceCase {
  const parsed = caseDocument.safeParse(document)
  return {
    id: name,
    title: parsed.success ? parsed.data.title : name,
    async replay(): Promise<Outcome> {
      if (!parsed.success) return failed(name, 'a case in the format of the suite', parsed.error.message)
      const { missing, surplus } = runCase(parsed.data, classes)
      if (missing.length + surplus.length === 0) return { outcome: 'ok' }
      return failed(name, missing.join('\n'), surplus.join('\n'))
    },
  }
}

function failed(block: string, expected: string, found: string): Outcome {
  return { outcome: 'failed', difference: { block, expected, found } }
}
