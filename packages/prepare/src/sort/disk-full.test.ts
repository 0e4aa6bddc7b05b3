import { Buffer } from 'node:buffer'
import { existsSync } from 'node:fs'
import { symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { OutputFile } from '../../../files/src/output-file.ts'
import { settings, temporaryFolder } from '../../test/prepare-text.ts'
import { Sorter } from './sorter.ts'

// The one device that is always full; only Linux has it.
describe.skipIf(!existsSync('/dev/full'))('a full disk is named with its folder', () => {
  test('where Sluice writes', async () => {
    await using folder = await temporaryFolder()
    const path = join(folder.path, 'Person.sorted.csv')
    await symlink('/dev/full', path)
    await using file = await OutputFile.create(path)
    await expect(file.write(Buffer.from('x'))).rejects.toMatchObject({
      code: 'SLUICE-PREPARE-08',
      message: `The disk that holds ${folder.path} is full (ENOSPC).`,
    })
  })

  test('where DuckDB writes', async () => {
    await using folder = await temporaryFolder()
    const path = join(folder.path, 'Person.sorted.csv')
    await symlink('/dev/full', path)
    await using sorter = new Sorter(settings, join(folder.path, 'temp'))
    await expect(sorter.copy('select 1', path, 'header false')).rejects.toMatchObject({
      code: 'SLUICE-PREPARE-08',
      message: `The disk that holds ${folder.path} is full (ENOSPC).`,
    })
  })
})
