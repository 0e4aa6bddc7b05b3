import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import {
  besideTheirFolder,
  cycleIn,
  declaredPackages,
  emptyNamed,
  importsOf,
  packageImports,
  packageOf,
  packagesOnPage,
  pagePath,
  roomImports,
  roomOf,
  sourceFiles,
  withPicture,
} from './architecture.ts'
import { rooms } from './rooms.ts'

const files = sourceFiles()
const imports = importsOf(files)
const page = readFileSync(pagePath, 'utf8')
const names = [...new Set([...files.keys()].map(packageOf))]

const foldersOf = (name: string) =>
  new Set(
    [...files.keys()]
      .filter((file) => packageOf(file) === name)
      .map(roomOf)
      .filter(isFolder),
  )
const isFolder = (room: string) => !room.includes('.')
const sorted = (all: Iterable<string>) => [...all].sort()

describe('the packages', () => {
  const graph = packageImports(imports)

  test('import what their package.json names, and name what they import', () => {
    const found = [...graph].map(([name, known]) => [name, [...known]])
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(declaredPackages()))
  })

  test('import what docs/architecture.md says, and have the rooms it says', () => {
    const found = names.map((name) => [
      name,
      { rooms: sorted(foldersOf(name)), knows: [...(graph.get(name) ?? [])] },
    ])
    expect(Object.fromEntries(packagesOnPage(page))).toEqual(Object.fromEntries(found))
  })

  test('import one another in one direction', () => {
    expect(cycleIn(graph)).toBeUndefined()
  })

  test('are drawn in docs/architecture.md as they are', async () => {
    await expect(withPicture(page, graph)).toMatchFileSnapshot(pagePath)
  })

  test('reach one another by their names, never by a path', () => {
    const across = imports.filter(
      ({ file, target }) => target !== undefined && !target.startsWith(`${packageOf(file)}/src`),
    )
    expect(across).toEqual([])
  })
})

describe.each(names)('the rooms of %s', (name) => {
  const graph = roomImports(name, imports)
  const declared = rooms[name] ?? { folders: {} }

  test('import the rooms that tools/rooms.ts says', () => {
    const between = sorted(foldersOf(name)).map((folder) => [
      folder,
      [...(graph.get(folder) ?? [])].filter(isFolder),
    ])
    expect(Object.fromEntries(between)).toEqual(
      Object.fromEntries(Object.entries(declared.folders).map(([room, known]) => [room, sorted(known)])),
    )
  })

  test('import one another in one direction', () => {
    expect(cycleIn(graph)).toBeUndefined()
  })

  test('that are stages never import another one', () => {
    const stages = new Set(declared.stages)
    const across = [...stages].flatMap((stage) =>
      [...(graph.get(stage) ?? [])]
        .filter((other) => stages.has(other))
        .map((other) => `${stage} → ${other}`),
    )
    expect(across).toEqual([])
  })

  test('are not known to a barrel inside', () => {
    const barrels = imports.filter(
      ({ file, target }) => packageOf(file) === name && target?.endsWith('/index.ts'),
    )
    expect(barrels).toEqual([])
  })
})

describe('a file', () => {
  test('never lies beside a folder of its own name', () => {
    expect(besideTheirFolder(files.keys())).toEqual([])
  })

  test('has a name that says what it is, and so has its folder', () => {
    expect(emptyNamed(files.keys())).toEqual([])
  })
})

/** So that nothing above is green because nothing was found. */
describe('what is looked for is found', () => {
  const given = new Map([
    ['a/src/one/x.ts', `import {\n  type A,\n  b,\n} from '../two/y.ts'\nexport { c } from '@sluice/b'\n`],
    ['a/src/two/y.ts', `import 'side.css'\nconst z = await import('../one.ts')\n`],
    ['a/src/one.ts', `const w = new URL('./one/x.ts', import.meta.url)\n// from './nowhere.ts'\n`],
    ['b/src/index.ts', `export type { D } from './d.ts'\n`],
  ])
  const found = importsOf(given)

  test('every way to import', () => {
    expect(found.map(({ file, specifier }) => `${file}: ${specifier}`)).toEqual([
      'a/src/one/x.ts: ../two/y.ts',
      'a/src/one/x.ts: @sluice/b',
      'a/src/two/y.ts: side.css',
      'a/src/two/y.ts: ../one.ts',
      'a/src/one.ts: ./one/x.ts',
      'b/src/index.ts: ./d.ts',
    ])
  })

  test('the way round', () => {
    expect(cycleIn(roomImports('a', found))).toBe('one → two → one.ts → one')
    expect(cycleIn(packageImports(found))).toBeUndefined()
  })

  test('the file beside its folder', () => {
    expect(besideTheirFolder(given.keys())).toEqual(['a/src/one.ts'])
  })

  test('in the sources, too', () => {
    expect(files.size).toBeGreaterThan(300)
    expect(imports.length).toBeGreaterThan(3 * files.size)
  })
})
