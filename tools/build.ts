/**
 * Compiles all packages into `dist/`, the one package that is published.
 *
 * Node does not run TypeScript below `node_modules`, and nobody outside needs our packages one by
 * one: so they are compiled together, and their names become relative paths. Then what a command needs is brought together in
 * few files, because a start takes as long as it finds files to load (docs/decisions/0057).
 *
 * @module
 */
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { imagePath } from '../packages/repository/src/database/pglite-image.ts'
import { bundle } from './bundle.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const dist = join(root, 'dist')

rmSync(dist, { recursive: true, force: true })
execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tools/tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
})
// `npm ci` has made it already, unless it was told to run no scripts.
if (!existsSync(imagePath))
  execFileSync(process.execPath, ['tools/pack-image.ts'], { cwd: root, stdio: 'inherit' })
copyAssets()
for (const file of globSync('**/*.{js,d.ts}', { cwd: dist })) rewriteImports(file)
await bundle(dist)
await buildConsole()

/** What browsers load of it stands beside the rest as it is. */
async function buildConsole(): Promise<void> {
  const folder = join(root, 'packages', 'console')
  await build({ root: folder, logLevel: 'warn' })
  cpSync(join(folder, 'dist'), join(dist, 'console', 'dist'), { recursive: true })
}

/** SQL files, schemas, templates: whatever stands beside the code and is not code. */
function copyAssets(): void {
  const assets = globSync('*/src/**/*.*', { cwd: join(root, 'packages') }).filter(
    (path) => !path.endsWith('.ts') && !path.startsWith('console'),
  )
  for (const path of [...assets, ...globSync('*/*.schema.json', { cwd: join(root, 'packages') })]) {
    mkdirSync(dirname(join(dist, path)), { recursive: true })
    cpSync(join(root, 'packages', path), join(dist, path))
  }
}

/** `@sluice/model` → `../../model/src/index.js`, and what the compiler leaves as `.ts` → `.js`. */
function rewriteImports(file: string): void {
  const path = join(dist, file)
  const text = readFileSync(path, 'utf8')
  const rewritten = text
    .replace(/(['"])@sluice\/([a-z]+)\1/g, (_, quote: string, name: string) => {
      const target = relative(dirname(file), join(name, 'src', 'index.js'))
        .split(sep)
        .join('/')
      return `${quote}${target.startsWith('.') ? target : `./${target}`}${quote}`
    })
    .replace(/((?:from|import\(|new URL\()\s*)(['"])(\.{1,2}\/[^'"]+)\.ts\2/g, '$1$2$3.js$2')
  if (rewritten !== text) writeFileSync(path, rewritten)
}
