/**
 * Documents of discovery tools, read as a graph: what nodes and ways there are is plain to see.
 *
 * @module
 */
import type { GraphForm, GraphInput } from '@sluice/model'
import { prepareText } from './prepare-text.ts'

/** What the files of one folder come to. */
export async function readDiscovery(form: GraphForm, files: Readonly<Record<string, string>>) {
  const inputs: readonly GraphInput[] = [{ type: 'document', file: 'found', form }]
  const parts = Object.fromEntries(Object.entries(files).map(([name, text]) => [`found/${name}`, text]))
  const { files: written, rejected } = await prepareText({ files: parts, inputs })
  const rows = (name: string) => recordsOf(written[`${name}.sorted.csv`] ?? '')
  return {
    nodes: Object.fromEntries(
      rows('nodes').map(([id = '', kind = '', attributes = '']) => [`${kind} ${id}`, JSON.parse(attributes)]),
    ),
    ways: rows('relationships').map(
      ([, from, fromRole, kind, toRole, to]) => `${from} ${fromRole}:${kind}:${toRole} ${to}`,
    ),
    rejected: rejected.map(({ file, line, reason }) => `${file}:${line} ${reason}`),
  }
}

/** Of a table that is written by us: no line breaks in a field. */
function recordsOf(csv: string): readonly (readonly string[])[] {
  const lines = csv.split('\n').slice(1, -1)
  return lines.map((line) =>
    [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map(([, field = '']) =>
      field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field,
    ),
  )
}
