/**
 * Brings the compiled files of `dist/` together in few: a start loads some ten files in place of some hundred.
 *
 * Only our own code. Libraries stay packages of their own, with their licences, and are mended by whoever installs. What is called from
 * outside keeps its place: the program, the library, and what is started as a thread.
 *
 * @module
 */
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, posix, relative, sep } from 'node:path'
import { type Plugin, rolldown } from 'rolldown'

const entries = ['cli/src/main.js', 'project/src/index.js', 'connectors/src/suite/connector-contract.js']

export async function bundle(dist: string): Promise<void> {
  const compiled = globSync('**/*.js', { cwd: dist })
  const kept = [...entries, ...compiled.flatMap((file) => threadsOf(dist, file))]
  const build = await rolldown({
    cwd: dist,
    input: Object.fromEntries(kept.map((file) => [file.replace(/\.js$/, ''), join(dist, file)])),
    external: (id) => !/^[./]/.test(id),
    plugins: [placesStay(dist)],
    platform: 'node',
    tsconfig: false,
  })
  const { output } = await build.generate({
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name]-[hash].js',
  })
  await build.close()
  for (const file of compiled) rmSync(join(dist, file))
  mkdirSync(join(dist, 'chunks'))
  for (const chunk of output)
    if (chunk.type === 'chunk') writeFileSync(join(dist, chunk.fileName), chunk.code)
}

/** The files that a file starts as threads. */
function threadsOf(dist: string, file: string): readonly string[] {
  const text = readFileSync(join(dist, file), 'utf8')
  const threads = [...text.matchAll(/new URL\(['"](\.[^'"]+\.js)['"], import\.meta\.url\)/g)]
  return threads.map(([, path = '']) => join(dirname(file), path))
}

/** A file that looks for others beside itself finds them where they are, into whichever file it was brought. */
function placesStay(dist: string): Plugin {
  const mark = (file: string) => `SLUICE_PLACE_OF("${file}")`
  return {
    name: 'places stay',
    transform(code, id) {
      if (!code.includes('import.meta.url')) return null
      return code.replaceAll('import.meta.url', mark(relative(dist, id).split(sep).join('/')))
    },
    renderChunk(code, { fileName }) {
      return code.replaceAll(/SLUICE_PLACE_OF\("([^"]+)"\)/g, (_, file: string) => {
        const path = posix.relative(posix.dirname(fileName), file)
        return `new URL(${JSON.stringify(path)}, import.meta.url).href`
      })
    },
  }
}
