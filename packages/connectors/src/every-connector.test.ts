import { cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Source } from '@sluice/model'
import { temporaryFolder, writeFiles } from '../../prepare/test/prepare-text.ts'
import { describeConnector, type ManagedSystem } from '../test/connector-suite.ts'
import { exportSource } from './export-source.ts'

/** Whatever was exported is taken for everything. */
const answerOf = async () => ({ mode: 'complete' as const })

/** A folder `system` holds the tables; the source's own is `hr`. */
async function systemWith(
  exporting: (system: string, folder: string, source: Source) => Promise<Source>,
): Promise<ManagedSystem> {
  const { path, [Symbol.asyncDispose]: dispose } = await temporaryFolder()
  const system = join(path, 'system')
  const folder = join(path, 'hr')
  return {
    source: (mappings) => ({ name: 'hr', folder, mode: 'complete', thresholds: {}, ...mappings }),
    async export(tables, source) {
      await rm(system, { recursive: true, force: true })
      await writeFiles(system, tables)
      return exportSource({ source: await exporting(system, folder, source), mode: 'complete', answerOf })
    },
    [Symbol.asyncDispose]: dispose,
  }
}

describeConnector('files that lie in a folder', () =>
  systemWith(async (system, folder, source) => {
    await rm(folder, { recursive: true, force: true })
    await cp(system, folder, { recursive: true })
    return source
  }),
)

describeConnector('export programs', () =>
  systemWith(async (system, _, source) => ({
    ...source,
    export: {
      command: ['sh', '-c', 'cp -R . "$SLUICE_FOLDER"'],
      workingFolder: system,
      environment: {},
      timeout: 30_000,
      requireStatement: false,
    },
  })),
)
