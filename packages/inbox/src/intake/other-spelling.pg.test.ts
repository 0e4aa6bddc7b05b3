import { randomUUID } from 'node:crypto'
import { stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sumOfFile } from '@sluice/files'
import { expect, test } from 'vitest'
import { describeWithEngine } from '../../../engine/test/engine-harness.ts'

describeWithEngine('a delivery that another program has prepared', (harness) => {
  test('does not make two resources of one number: a key in another spelling is rejected', async () => {
    await harness.begin(`
entityTypes: {Centre: {properties: {number: integer, name: string}}}
sources:
  erp: {entities: {Centre: {file: c.csv, key: number, properties: {number: n, name: name}}}}
`)
    const { folder, manifest } = await harness.prepare('erp', { Centre: 'n,name\n1,A\n5,B\n' })
    const [file] = manifest.files
    if (file === undefined) throw new Error('one file')
    const path = join(folder, file.name)
    await writeFile(path, 'n,name\n05,A\n5,B\n')
    const written = { ...file, size: (await stat(path)).size, sha256: await sumOfFile(path) }
    const id = randomUUID()
    const { inbox } = harness.engine
    await inbox.announce({ id, source: 'erp', mode: 'complete' })
    await inbox.upload(id, { ...written, path })
    await inbox.seal(id, { ...manifest, files: [written] })
    await harness.engine.synchronize('erp', { force: true })
    expect(await harness.rows('select number, name from centre')).toEqual([{ number: '5', name: 'B' }])
    expect(await harness.rows('select key, reason from sluice_rejected_row')).toEqual([
      { key: '05', reason: 'not a whole number in the spelling of prepared files' },
    ])
  })
})
