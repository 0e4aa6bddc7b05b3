import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { formatFinding, InvalidConfigurationError } from '@sluice/model'
import { describe, expect, test } from 'vitest'
import { checkProject } from './check-project.ts'
import { initProject, ProjectFilesExistError } from './init-project.ts'
import { loadConfiguration, requireConfiguration } from './load-configuration.ts'

/** A folder with these files, gone when the test is. */
async function folderWith(files: Readonly<Record<string, string>>) {
  const path = await mkdtemp(join(tmpdir(), 'sluice-project-'))
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true })
    // Nobody else may read a token.
    await writeFile(join(path, name), text, { mode: 0o600 })
  }
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

const model = 'entityTypes: {Person: {properties: {number: string, name: string}}}'
const source = `
sources:
  hr:
    folder: ../data
    entities:
      Person: {file: people.csv, key: number, properties: {number: no, name: name}}
`

describe('loadConfiguration', () => {
  test('reads included files, with paths relative to the file they stand in', async () => {
    await using folder = await folderWith({
      'sluice.yaml': 'include: [model.yaml, sources/*.yaml]\nworkFolder: work',
      'model.yaml': model,
      'sources/hr.yaml': source,
    })
    const { configuration, findings } = await loadConfiguration(folder.path)
    expect(findings).toEqual([])
    expect(configuration?.workFolder).toBe(join(folder.path, 'work'))
    expect(configuration?.repository).toEqual({ kind: 'folder', path: join(folder.path, 'repository') })
    expect(configuration?.sources.get('hr')?.folder).toBe(join(folder.path, 'data'))
  })

  test('says where to go when there is no project', async () => {
    await using folder = await folderWith({})
    const { findings } = await loadConfiguration(folder.path)
    expect(findings).toMatchObject([
      { code: 'SLUICE-CONFIGURATION-02', remedy: 'Make a project with: sluice init' },
    ])
  })

  test('points at an include that finds no file', async () => {
    await using folder = await folderWith({ 'sluice.yaml': `${model}\ninclude: [sorces/*.yaml]\n` })
    const { configuration, findings } = await loadConfiguration(folder.path)
    expect(configuration).toBeUndefined()
    expect(findings[0]).toMatchObject({ code: 'SLUICE-CONFIGURATION-02', line: 2, column: 11 })
  })

  test('throws every error with its place for a caller who cannot go on without', async () => {
    await using folder = await folderWith({
      'sluice.yaml': 'entityTypes: {A: {properties: {x: strng}}}\nworkfolder: w',
    })
    const file = join(folder.path, 'sluice.yaml')
    const error = await requireConfiguration(folder.path).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(InvalidConfigurationError)
    expect(String(error)).toContain(`${file}:1:35: error: "x" cannot be "strng". Did you mean "string"?`)
    expect(String(error)).toContain(`${file}:2:1: error: There is no key "workfolder" in this file.`)
  })
})

describe('initProject', () => {
  test('writes a project that checks clean and names a JSON Schema that is there', async () => {
    await using folder = await folderWith({})
    const { written } = await initProject(join(folder.path, 'demo'))
    expect(written).toContain('sluice.yaml')
    const { findings } = await checkProject(join(folder.path, 'demo'))
    expect(findings.filter(({ severity }) => severity !== 'note')).toEqual([])

    const text = await readFile(join(folder.path, 'demo/sluice.yaml'), 'utf8')
    const [, schema = ''] = /\$schema=(\S+)/.exec(text) ?? []
    expect(JSON.parse(await readFile(join(folder.path, 'demo', schema), 'utf8'))).toHaveProperty(
      'definitions',
    )
  })

  test('overwrites nothing, and then writes nothing at all', async () => {
    await using folder = await folderWith({ 'data/people.csv': 'mine' })
    await expect(initProject(folder.path)).rejects.toBeInstanceOf(ProjectFilesExistError)
    expect(await readdir(folder.path)).toEqual(['data'])
    expect(await readFile(join(folder.path, 'data/people.csv'), 'utf8')).toBe('mine')
  })

  test('leaves a .gitignore alone', async () => {
    await using folder = await folderWith({ '.gitignore': 'mine' })
    const { written } = await initProject(folder.path)
    expect(written).not.toContain('.gitignore')
    expect(await readFile(join(folder.path, '.gitignore'), 'utf8')).toBe('mine')
  })
})

describe('checkProject', () => {
  const project = {
    'sluice.yaml': `${model}${source.replace('../data', 'data')}`,
    'data/people.csv': 'no;name\n1;Ann\n',
  }
  const check = async (changes: Readonly<Record<string, string>>) => {
    await using folder = await folderWith({ ...project, ...changes })
    const { findings } = await checkProject(folder.path)
    return findings.map(({ file: _, ...finding }) => formatFinding({ ...finding, file: '' }))
  }

  test('finds nothing where every mapped column is in its file', async () => {
    expect(await check({})).toEqual([])
  })

  test.each([
    [
      'command,no,name\n',
      '',
      'note: The column command of people.csv is taken for commands: they act on Person. Say `commands: false` where it is data.',
    ],
    [
      'no,name,Command\n',
      '',
      'note: The column Command of people.csv is taken for commands: they act on Person. Unless a row holds what no command looks like: say `commands: true`, or `commands: false` where it is data.',
    ],
    [
      'no,name,Command\n',
      'commands: true, ',
      'note: The column Command of people.csv is taken for commands: they act on Person.',
    ],
    [
      'no,name,Command\n',
      'commands: false, ',
      'note: people.csv has a column that is not mapped: "Command".',
    ],
    [
      'no,name\n',
      'commands: true, ',
      'note: people.csv has no column "command", and Person says that it holds commands. A complete may take it as it is; an incremental is refused.',
    ],
  ])('says of %j with "%s" on what its commands act', async (header, commands, says) => {
    const configured = project['sluice.yaml'].replace('key: number', `${commands}key: number`)
    expect(await check({ 'sluice.yaml': configured, 'data/people.csv': header })).toEqual([
      expect.stringContaining(says),
    ])
  })

  test('says nothing of the columns of an open table, which has no file', async () => {
    const byKey = 'reconciliation: {policy: key}, properties:'
    const hr = project['sluice.yaml'].replace('properties: {number: no', `${byKey} {number: no`)
    const cmdb = `{table: true, entities: {Person: {${byKey} {name: {}}}}}`
    expect(await check({ 'sluice.yaml': `${hr}  cmdb: ${cmdb}\n` })).toEqual([])
  })

  test('points at a column that an export has renamed, and notes the one nobody reads', async () => {
    expect(await check({ 'data/people.csv': 'no;full_name\n1;Ann\n' })).toEqual([
      ':6:78: error: people.csv has no column "name". Known: no, full_name.',
      ':6:22: note: people.csv has a column that is not mapped: "full_name".',
    ])
  })

  test('points at a file that is missing', async () => {
    const [finding] = await check({
      'sluice.yaml': project['sluice.yaml'].replace('people.csv', 'persons.csv'),
    })
    expect(finding).toMatch(/^:6:22: error: The source file "persons\.csv" does not exist/)
  })

  test('takes no file for missing where a server is configured, whose agents have the files', async () => {
    const findings = await check({
      'sluice.yaml': `${project['sluice.yaml'].replace('people.csv', 'persons.csv')}\nserver: {listen: "127.0.0.1:8620"}\n`,
    })
    expect(findings).toEqual([expect.stringMatching(/: note: The source file .*agents deliver hr/)])
  })

  test('points at a file without which the server lets nobody in', async () => {
    const agent = (file: string) => ({
      'sluice.yaml': `${project['sluice.yaml']}\nagent: {server: "http://127.0.0.1:8620", tokenFile: ${file}}\n`,
    })
    expect(await check({ ...agent('own.token'), 'own.token': 'slc_x' })).toEqual([])
    expect(await check(agent('other.token'))).toEqual([
      expect.stringMatching(/^:8:\d+: error: The file .*other\.token cannot be read: ENOENT/),
    ])
  })

  test('only warns of a missing file that an export program writes', async () => {
    const exported = project['sluice.yaml'].replace('folder: data', 'export: {command: sh}')
    const findings = await check({ 'sluice.yaml': exported })
    expect(findings).toEqual([
      expect.stringMatching(/: warning: The source file .*sluice export hr writes it/),
    ])
  })
})

test('every shipped example checks clean', async () => {
  const examples = fileURLToPath(new URL('../../../../examples', import.meta.url))
  for (const name of await readdir(examples)) {
    const { findings } = await checkProject(join(examples, name))
    expect(findings.filter(({ severity }) => severity !== 'note').map(formatFinding)).toEqual([])
  }
})
