import { execFile } from 'node:child_process'
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, posix } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { thorough } from '../../test/thoroughness.ts'
import { anchorOf, chapters, titleOf } from './sidebar.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

test('every page of the documentation stands in one chapter', () => {
  const pages = globSync('docs/*.md', { cwd: root }).map((path) => basename(path, '.md'))
  const listed = chapters.flatMap((chapter) => chapter.pages)
  expect([...listed, 'index'].toSorted()).toEqual(pages.toSorted())
})

test('the front page leads to every page', () => {
  const front = readFileSync(join(root, 'docs/index.md'), 'utf8')
  const listed = chapters.flatMap((chapter) => chapter.pages)
  expect(listed.filter((name) => !front.includes(`(${name}.md)`))).toEqual([])
})

test('a page is called by its first heading', () => {
  expect(titleOf('\n# Held runs\n\n## Why\n')).toBe('Held runs')
  expect(() => titleOf('## Why\n')).toThrow('has no title')
})

test('an anchor is the one that GitHub makes', () => {
  expect(anchorOf('SLUICE-CHAIN-01: the chain is broken')).toBe('sluice-chain-01-the-chain-is-broken')
  expect(anchorOf('What `--hold` does, and why')).toBe('what---hold-does-and-why')
  expect(anchorOf('Äpfel & Öl_1')).toBe('äpfel--öl_1')
})

test.runIf(thorough)(
  'the site is built, searches itself, and each of its links leads to a page and an anchor',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-site-'))
    try {
      const program = join(root, 'node_modules/vitepress/bin/vitepress.js')
      await promisify(execFile)(process.execPath, [program, 'build', 'tools/site', '--outDir', folder], {
        cwd: root,
      })
      const site = readSite(folder)
      expect([...site.keys()]).toContain('first-hour.html')
      expect(globSync('assets/chunks/@localSearchIndex*.js', { cwd: folder })).toHaveLength(1)
      expect(deadAnchors(site)).toEqual([])
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
)

function readSite(folder: string): ReadonlyMap<string, string> {
  return new Map(
    globSync('**/*.html', { cwd: folder }).map((path) => [path, readFileSync(join(folder, path), 'utf8')]),
  )
}

/** Links within the site that lead to no page, or to no place on it. The build itself looks at pages alone. */
function deadAnchors(site: ReadonlyMap<string, string>): readonly string[] {
  const anchors = new Map(
    [...site].map(([path, html]) => [
      path,
      new Set([...html.matchAll(/ id="([^"]+)"/g)].map(([, id = '']) => id)),
    ]),
  )
  return [...site].flatMap(([path, html]) =>
    [...html.matchAll(/ href="([^":]*)#([^"]+)"/g)].flatMap(([, page = '', anchor = '']) => {
      const target = page === '' ? path : posix.join('/', posix.dirname(path), page).slice(1)
      const found = anchors.get(page.startsWith('/') ? page.slice(1) : target)
      return found?.has(decodeURIComponent(anchor)) ? [] : [`${path}: ${page}#${anchor}`]
    }),
  )
}
