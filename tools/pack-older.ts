/**
 * Packs what `npm run build` has made, for the tests in which it meets newer versions: `node tools/pack-older.ts`, once for each revision of the protocol, before the
 * revision is raised.
 *
 * Of the package only what runs: no types, no documentation, no image of an empty repository. Its libraries are those of the clone in which the tests
 * run.
 *
 * @module
 */
import { createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { createGzip } from 'node:zlib'
import { packTar } from 'modern-tar/fs'
import { revision } from '../packages/protocol/src/index.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const { values } = parseArgs({
  options: {
    /** The clone of another commit. */
    from: { type: 'string', default: root },
    revision: { type: 'string', default: String(revision) },
  },
})

const target = join(root, 'test/older', `revision-${values.revision}.tgz`)
await mkdir(join(root, 'test/older'), { recursive: true })
const sources = ['package.json', 'dist'].map((name) => ({
  type: name === 'dist' ? ('directory' as const) : ('file' as const),
  source: join(values.from, name),
  target: name,
}))
await pipeline(
  packTar(sources, { filter: (path) => !/\.d\.ts$|pglite-image/.test(path) }),
  createGzip({ level: 9 }),
  createWriteStream(target),
)
