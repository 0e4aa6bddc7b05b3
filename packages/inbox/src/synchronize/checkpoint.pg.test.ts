import { readdir } from 'node:fs/promises'
import { throughSessions } from '@sluice/repository'
import { expect, test } from 'vitest'
import { guarded } from '../../../engine/test/companies.ts'
import { describeWithEngine, type EngineHarness, servers } from '../../../engine/test/engine-harness.ts'
import { openSynchronizer } from './open-synchronizer.ts'

/** At each checkpoint: the state of the latest run, and whether files of deliveries are there still. */
function watched(harness: EngineHarness) {
  const checkpoints: string[] = []
  const { database } = harness.repository
  const checkpoint = async () => {
    const [run] = await harness.rows<{ state: string }>('select state from sluice_run order by run_id desc')
    const names = await readdir(harness.configuration.workFolder, { recursive: true })
    const files = names.some((name) => name.endsWith('Person.sorted.csv'))
    checkpoints.push(`${run?.state}, ${files ? 'with its files' : 'its files are gone'}`)
  }
  const repository = {
    ...harness.repository,
    database: { ...throughSessions(database, (session) => session), checkpoint },
  }
  return { checkpoints, engine: openSynchronizer({ repository, configuration: harness.configuration }) }
}

describeWithEngine(
  'what a power cut may not take',
  (harness) => {
    test('is on the disk before the files that it came from are removed', async () => {
      await harness.begin(guarded('{ updated: 0 }'))
      const { checkpoints, engine } = watched(harness)
      await harness.send('hr', { Person: 'n,name,m\n1,Ann,' })
      await engine.synchronize('hr')
      expect(checkpoints).toEqual(['applied, with its files'])
      await harness.send('hr', { Person: 'n,name,m\n1,Anna,' })
      const [held] = await engine.synchronize('hr')
      expect(checkpoints.slice(1)).toEqual(['held, with its files'])
      await engine.approve(held?.run ?? 0, { by: 'eve' })
      expect(checkpoints.slice(2)).toEqual(['applied, with its files'])
      expect(await readdir(harness.configuration.workFolder, { recursive: true })).not.toContainEqual(
        expect.stringContaining('Person.sorted.csv'),
      )
    })
  },
  servers,
)
