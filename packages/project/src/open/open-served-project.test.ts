/**
 * What a server's project does otherwise than one that is opened in a command.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { prepareSource } from '@sluice/agent'
import { expect, test } from 'vitest'
import { testLocation } from '../../../../test/databases.ts'
import { openServedProject } from './open-served-project.ts'

const configuration = `
entityTypes: {Person: {properties: {number: string}}}
sources:
  hr: {folder: data, entities: {Person: {file: p.csv, key: number, properties: {number: number}}}}
`

test.each([
  ['', "_per_gather')::int, 1)"],
  ['server: {parallelWorkers: 0}', "_per_gather')::int, 0)"],
])('its runs leave cores to those who look: %s', async (server, limited) => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-served-'))
  await using place = await testLocation('postgres-18')
  const { kind: _, ...location } = place.location
  try {
    await mkdir(join(folder, 'data'))
    await writeFile(join(folder, 'data/p.csv'), 'number\n1\n2\n')
    await writeFile(
      join(folder, 'sluice.yaml'),
      `repository: ${JSON.stringify(location)}${configuration}${server}\n`,
    )
    const statements: string[] = []
    const onStatement = ({ text }: { readonly text: string }) => void statements.push(text)
    const served = await openServedProject(folder, { environment: {}, onStatement })
    const { sources, model, prepare: settings } = served.configuration
    const source = sources.get('hr')
    if (source === undefined) throw new Error('The test has no source.')
    const prepared = await prepareSource({
      source,
      model,
      mode: 'complete',
      folder: join(folder, 'out'),
      settings,
    })
    const { report } = await served.synchronizer.plan('hr', 'complete', prepared)
    await served.repository[Symbol.asyncDispose]()
    expect(report.entities).toMatchObject([{ changes: { inserted: 2 } }])
    expect(statements.filter((text) => text.includes(limited))).toHaveLength(1)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
