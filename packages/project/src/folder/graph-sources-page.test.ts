/** Each form of docs/graph-sources.md is read as it stands there: a host, a subnet, and what connects them. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { locateTables } from '@sluice/connectors'
import { prepare } from '@sluice/prepare'
import { describe, expect, test } from 'vitest'
import { checkProject } from './check-project.ts'

const page = await readFile(new URL('../../../../docs/graph-sources.md', import.meta.url), 'utf8')
const [head = '', ...sections] = page.split(/^### /m)
const forms = sections.filter((text) => text.includes('```yaml'))

const block = /^```yaml\n([\s\S]*?)^```/m
const namedBlock = /^`([^`]+)`:\n\n```\w*\n([\s\S]*?)^```/gm

const filesIn = (text: string) =>
  [...text.matchAll(namedBlock)].map(([, name = '', content = '']) => [name, content] as const)

async function projectWith(configuration: string, files: readonly (readonly [string, string])[]) {
  const path = await mkdtemp(join(tmpdir(), 'sluice-page-'))
  for (const [name, text] of [['sluice.yaml', configuration] as const, ...files]) {
    await mkdir(dirname(join(path, name)), { recursive: true })
    await writeFile(join(path, name), text)
  }
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

describe('docs/graph-sources.md', () => {
  test('shows five forms', () => expect(forms).toHaveLength(5))

  test.each(forms.map((text) => [text.split('\n', 1)[0] ?? '', text] as const))('%s', async (_, text) => {
    const [, written = ''] = block.exec(text) ?? []
    const [, example = ''] = block.exec(head) ?? []
    const input = written.replaceAll(/^/gm, '      ')
    const configuration = example.replace(/^ {6}files: .*\n/m, input)
    const data = filesIn(text).map(([name, content]) => [`data/${name}`, content] as const)
    await using folder = await projectWith(configuration, [...filesIn(head), ...data])

    const { configuration: checked, findings } = await checkProject(folder.path)
    expect(findings).toEqual([])
    const source = checked?.sources.get('discovery')
    if (checked === undefined || source === undefined) throw new Error('no source')
    expect(source.entities.map(({ name }) => name)).toEqual(['Computer'])
    const { manifest } = await prepare({
      source,
      model: checked.model,
      mode: 'complete',
      folder: join(folder.path, 'prepared'),
      settings: checked.prepare,
      exported: { tables: await locateTables(source) },
    })
    expect(manifest.files.map(({ mapping, read, rows }) => [mapping, read, rows])).toEqual([
      ['nodes', 2, 2],
      ['relationships', 1, 1],
    ])
  })

  test('a file or a column that is not there is found before anything runs', async () => {
    const [, example = ''] = block.exec(head) ?? []
    const input = '      files: [graph.jsonl, {nodes: nodes.csv, kind: {column: sort}}]\n'
    const configuration = example.replace(/^ {6}files: .*\n/m, input)
    await using folder = await projectWith(configuration, [...filesIn(head), ['data/nodes.csv', 'id,kind\n']])
    const { findings } = await checkProject(folder.path)
    expect(findings.map(({ code, line, message }) => [code, line, message])).toEqual([
      ['SLUICE-CONFIGURATION-12', 9, expect.stringContaining('graph.jsonl')],
      ['SLUICE-CONFIGURATION-13', 9, 'nodes.csv has no column "sort".'],
    ])
  })
})
