/** What `check` says of files that a system drops: whether they would be taken, and what those of changes say. */
import { mkdir, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { formatFinding } from '@sluice/model'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../../prepare/test/prepare-text.ts'
import { checkProject } from './check-project.ts'

const configuration = (source: string, mapping = '') => `repository: ./repository
entityTypes:
  Person: { properties: { number: string, name: string, phone: string } }
associations:
  Friend: { from: Person, to: Person }
sources:
  hr:
    ${source}
    entities:
      Person: { file: people.csv${mapping}, key: number, properties: { number: no, name: name, phone: phone } }
    associations:
      Friend: { file: people.csv, from: no, to: friend }
`
const whole = { 'full/people.csv': 'no,name,phone,friend\n' }
const folders = 'folder: { complete: full, incremental: changes }'

/** Findings by `line: severity: message`; `old`: files that were written long ago. */
async function found(
  source: string,
  files: Readonly<Record<string, string>>,
  { mapping = '', old = [] as string[] } = {},
) {
  await using folder = await temporaryFolder()
  const all = { 'sluice.yaml': configuration(source, mapping), ...files }
  for (const [name, text] of Object.entries(all)) {
    const path = join(folder.path, name)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, text)
    if (old.includes(name)) await utimes(path, new Date(0), new Date(0))
  }
  const { findings } = await checkProject(folder.path)
  return findings.map((one) =>
    formatFinding(one)
      .replaceAll(folder.path, '')
      .replace(/^.*?sluice\.yaml:(\d+):\d+: /, '$1: '),
  )
}

test('a marker that is not there, and a file that is too old, are warnings where they are asked for', async () => {
  expect(await found('folder: full\n    marker: done', whole)).toEqual([
    expect.stringMatching(
      /^9: warning: The files of "hr" are not all there yet: its marker done is not in \/full\./,
    ),
  ])
  expect(await found('folder: full\n    maxAge: 26h', whole, { old: ['full/people.csv'] })).toEqual([
    expect.stringMatching(
      /^9: warning: people\.csv was written at 1970-01-01T00:00:00\.000Z, .* at most 26 h old\./,
    ),
  ])
  const marked = { ...whole, 'full/done': '' }
  expect(await found('folder: full\n    marker: done\n    maxAge: 26h', marked)).toEqual([])
})

test('there need not be files of changes', async () => {
  expect(await found(folders, whole)).toEqual([])
})

test('files of changes need a column that says what happened', async () => {
  const files = { ...whole, 'changes/people.csv': 'no,name,phone,friend\n' }
  expect(await found(folders, files)).toEqual([
    expect.stringMatching(
      /^10: error: \.\.\/changes\/people\.csv lies among files of changes, and has no column "command"/,
    ),
  ])
})

test('what files of changes lack is a note, but for what names their rows', async () => {
  const without = async (header: string) =>
    (await found(folders, { ...whole, 'changes/people.csv': `${header}\n` })).filter(
      (finding) => !finding.includes('is taken for commands'),
    )
  expect(await without('command,no,phone')).toEqual([
    '10: note: ../changes/people.csv has no column "name": of what Person reads there its changes say nothing.',
    '12: note: ../changes/people.csv has no column "friend": of what Friend reads there its changes say nothing.',
  ])
  expect(await without('command,name,phone,friend')).toEqual([
    expect.stringMatching(/^10: error: \.\.\/changes\/people\.csv has no column "no"\./),
    expect.stringMatching(/^12: note: /),
  ])
})

test('a mapping that is switched off is told of, and its file is not looked for', async () => {
  const off = await found('folder: full', {}, { mapping: ', active: false' })
  expect(off).toEqual([
    '10: note: Person is switched off: it is not read, and what hr has brought of it stays as it is.',
    expect.stringMatching(/^12: error: The source file "people\.csv" does not exist/),
  ])
})
