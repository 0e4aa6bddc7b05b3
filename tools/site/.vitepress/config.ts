/**
 * The documentation as a site: `npm run docs`.
 */
import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitepress'
import { anchorOf, chapters, titleOf } from '../sidebar.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const docs = join(root, 'docs')

function item(name: string) {
  return { text: titleOf(readFileSync(join(docs, `${name}.md`), 'utf8')), link: `/${name}` }
}

const decisions = globSync('decisions/*.md', { cwd: docs })
  .sort()
  .map((path) => item(`decisions/${basename(path, '.md')}`))

export default defineConfig({
  title: 'Sluice',
  description: 'Brings the data of many managed systems up into one repository of typed, linked resources.',
  srcDir: docs,
  outDir: join(root, 'tools', 'site', 'dist'),
  cacheDir: join(root, 'node_modules', '.cache', 'vitepress'),
  // Where it will lie is not known; a folder opened from a disk has no server that adds the ending.
  cleanUrls: false,
  ignoreDeadLinks: false,
  markdown: {
    anchor: { slugify: anchorOf },
    // Discovery's language has no highlighting of its own.
    languageAlias: { tpl: 'txt' },
  },
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    sidebar: [
      ...chapters.map(({ title, pages }) => ({ text: title, items: pages.map(item), collapsed: false })),
      { text: 'Decisions', items: decisions, collapsed: true },
    ],
  },
  // The pages of commands and errors are long, and meant to be.
  vite: { build: { chunkSizeWarningLimit: 2000 } },
})
