/**
 * Which package and which room imports which, as the sources say; and which may.
 *
 * A package's room is a folder in its `src`; a file that lies in `src` itself is a room of its own: it composes the
 * folders, or is a word that they share. Tests may import what they like.
 *
 * @module
 */
import { globSync, readFileSync } from 'node:fs'
import { basename, dirname, join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

const root = fileURLToPath(new URL('..', import.meta.url))

export interface Import {
  /** Relative to packages/. */
  readonly file: string
  /** The module as it is written. */
  readonly specifier: string
  /** The file that is meant, relative to packages/; `undefined`: it is a package. */
  readonly target: string | undefined
}

/** Every import and export from elsewhere in what is published. */
export function importsOf(files: ReadonlyMap<string, string>): readonly Import[] {
  return [...files].flatMap(([file, text]) =>
    [...text.matchAll(statement)].map((match) => {
      const specifier = match[1] ?? match[2] ?? ''
      const target = specifier.startsWith('.') ? posix.join(posix.dirname(file), specifier) : undefined
      return { file, specifier, target }
    }),
  )
}

/** `import … from '…'`, `export … from '…'`, `import '…'`; `import('…')`, `new URL('…', import.meta.url)`. */
const statement =
  /^(?:import|export)\s(?:[^'"]*?\sfrom\s+)?'([^']+)'|(?:\bimport\(|\bnew URL\()'([^']+)'(?:\)|, import\.meta\.url)/gm

/** The sources of all packages, tests apart, relative to packages/. */
export function sourceFiles(): ReadonlyMap<string, string> {
  const found = globSync('*/src/**/*.{ts,tsx}', { cwd: join(root, 'packages') }).filter(
    (file) => !file.endsWith('.test.ts'),
  )
  return new Map(found.sort().map((file) => [file, readFileSync(join(root, 'packages', file), 'utf8')]))
}

export function packageOf(file: string): string {
  return file.split('/')[0] ?? ''
}

/** The folder of `src` that holds the file, or the file itself. */
export function roomOf(file: string): string {
  return file.split('/')[2] ?? ''
}

/** By package: the packages it imports. */
export function packageImports(imports: readonly Import[]): ReadonlyMap<string, ReadonlySet<string>> {
  return grouped(
    imports.map(({ file }) => packageOf(file)),
    imports.flatMap(({ file, specifier }) => {
      const [, other] = /^@sluice\/(\w+)$/.exec(specifier) ?? []
      return other === undefined ? [] : [[packageOf(file), other] as const]
    }),
  )
}

/** By room of one package: the other rooms it imports. The package's index only lists what it shows. */
export function roomImports(
  name: string,
  imports: readonly Import[],
): ReadonlyMap<string, ReadonlySet<string>> {
  const own = imports.filter(({ file }) => packageOf(file) === name && roomOf(file) !== 'index.ts')
  return grouped(
    own.map(({ file }) => roomOf(file)),
    own.flatMap(({ file, target }) => {
      const other = target === undefined ? '' : roomOf(target)
      return other === '' || other === roomOf(file) ? [] : [[roomOf(file), other] as const]
    }),
  )
}

function grouped(
  names: readonly string[],
  pairs: readonly (readonly [string, string])[],
): ReadonlyMap<string, ReadonlySet<string>> {
  return new Map(
    [...new Set(names)]
      .sort()
      .map((name) => [name, new Set(pairs.flatMap(([from, to]) => (from === name ? [to] : [])).sort())]),
  )
}

/** One way round, if there is any: `a → b → a`. */
export function cycleIn(graph: ReadonlyMap<string, ReadonlySet<string>>): string | undefined {
  const done = new Set<string>()
  const visit = (node: string, way: readonly string[]): string | undefined => {
    if (way.includes(node)) return [...way.slice(way.indexOf(node)), node].join(' → ')
    if (done.has(node)) return undefined
    done.add(node)
    for (const next of graph.get(node) ?? []) {
      const found = visit(next, [...way, node])
      if (found !== undefined) return found
    }
    return undefined
  }
  for (const node of graph.keys()) {
    const found = visit(node, [])
    if (found !== undefined) return found
  }
  return undefined
}

/** Files that lie beside a folder of their own name, relative to packages/. */
export function besideTheirFolder(files: Iterable<string>): readonly string[] {
  const all = [...files]
  const folders = new Set(all.flatMap((file) => foldersOf(file)))
  return all.filter((file) => folders.has(file.replace(/(?:\.\w+)+$/, '')))
}

function foldersOf(file: string): readonly string[] {
  const folder = dirname(file)
  return folder === '.' ? [] : [folder, ...foldersOf(folder)]
}

const manifestSchema = z.object({ dependencies: z.record(z.string(), z.string()).default({}) })

/** By package: the packages that its package.json names. */
export function declaredPackages(): ReadonlyMap<string, readonly string[]> {
  const manifests = globSync('*/package.json', { cwd: join(root, 'packages') }).sort()
  return new Map(
    manifests.map((path) => {
      const text = readFileSync(join(root, 'packages', path), 'utf8')
      const names = Object.keys(manifestSchema.parse(JSON.parse(text)).dependencies)
      const own = names.filter((one) => one.startsWith('@sluice/')).map((one) => one.slice('@sluice/'.length))
      return [packageOf(path), own.sort()]
    }),
  )
}

export const pagePath = join(root, 'docs', 'architecture.md')

/** What the page's table of packages says: each with its rooms and with what it knows. */
export function packagesOnPage(
  page: string,
): ReadonlyMap<string, { readonly rooms: readonly string[]; readonly knows: readonly string[] }> {
  const rows = [...page.matchAll(/^\| `(\w+)` \| ([^|]*) \| ([^|]*) \|$/gm)]
  const words = (cell = '') => [...cell.matchAll(/`([\w-]+)`/g)].map(([, word]) => word ?? '').sort()
  return new Map(
    rows.map(([, name = '', inside, knows]) => [name, { rooms: words(inside), knows: words(knows) }]),
  )
}

const begin = '<!-- The picture is made from the imports: npx vitest run tools/architecture.test.ts -u -->'
const end = '<!-- End of the picture -->'

/** The page with its picture as the imports are. */
export function withPicture(page: string, graph: ReadonlyMap<string, ReadonlySet<string>>): string {
  const [before = '', rest = ''] = page.split(begin)
  const [, after = ''] = rest.split(end)
  return `${before}${begin}\n\n${picture(graph)}\n\n${end}${after}`
}

/** An arrow that a longer way shows too is left out: what is below can be known. */
function picture(graph: ReadonlyMap<string, ReadonlySet<string>>): string {
  const arrows = [...graph].flatMap(([name, known]) => {
    const further = new Set([...known].flatMap((other) => [...reachable(graph, other)]))
    return [...known].filter((other) => !further.has(other)).map((other) => `  ${name} --> ${other}`)
  })
  return ['```mermaid', 'flowchart TD', ...arrows, '```'].join('\n')
}

/** Everything below a package, itself apart. */
function reachable(graph: ReadonlyMap<string, ReadonlySet<string>>, name: string): ReadonlySet<string> {
  return new Set([...(graph.get(name) ?? [])].flatMap((other) => [other, ...reachable(graph, other)]))
}

/** Names that say nothing of what is inside. */
const emptyNames = new Set([
  'utils',
  'util',
  'helpers',
  'helper',
  'common',
  'misc',
  'lib',
  'shared',
  'manager',
])

export function emptyNamed(files: Iterable<string>): readonly string[] {
  return [...files].filter((file) =>
    [...dirname(file).split('/'), basename(file, '.ts')].some((part) => emptyNames.has(part)),
  )
}
