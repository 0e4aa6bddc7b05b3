/**
 * A drawing as DOT, the language of Graphviz.
 *
 * @module
 */
import {
  type Drawing,
  type DrawnCluster,
  type DrawnEdge,
  type DrawnNode,
  type Look,
  numbered,
  plainText,
} from './drawing.ts'

/** Beyond so many edges, curves take minutes to be found, and nobody follows them: they are straight then. */
const mostCurves = 100

export function toDot(drawing: Drawing): string {
  const names = numbered(drawing)
  const straight = drawing.edges.length > mostCurves
  const graph = attributes({
    rankdir: drawing.direction === 'right' ? 'LR' : 'TB',
    fontname: font,
    fontsize: '11',
    ...(straight ? { splines: 'line', nslimit: '1', nslimit1: '1', mclimit: '0.1' } : {}),
  })
  let clusters = 0
  const cluster = (one: DrawnCluster, indent: string): readonly string[] => {
    clusters += 1
    const inner = `${indent}  `
    const frame = attributes({
      label: label(one.lines, '\\l'),
      style: one.dashed === true ? 'rounded,dashed' : 'rounded',
      color: '#8c959f',
      fontcolor: '#57606a',
      labeljust: 'l',
      margin: '12',
    })
    return [
      `${indent}subgraph cluster_${clusters} {`,
      `${inner}graph [${frame}]`,
      ...one.nodes.map((each) => `${inner}${node(each, names)}`),
      ...one.clusters.flatMap((each) => cluster(each, inner)),
      `${indent}}`,
    ]
  }
  return [
    `digraph ${quoted(plainText(drawing.title))} {`,
    `  graph [${graph}]`,
    `  node [${attributes({ fontname: font, fontsize: '11', margin: '0.22,0.08', height: '0.3' })}]`,
    `  edge [${attributes({ fontname: font, fontsize: '9', color: '#57606a', fontcolor: '#57606a', arrowsize: '0.7' })}]`,
    ...drawing.nodes.map((each) => `  ${node(each, names)}`),
    ...drawing.clusters.flatMap((each) => cluster(each, '  ')),
    ...drawing.edges.map((each) => `  ${edge(each, names)}`),
    '}',
    '',
  ].join('\n')
}

const font = 'Helvetica,Arial,sans-serif'

function node({ id, lines, look }: DrawnNode, names: ReadonlyMap<string, string>): string {
  return `${names.get(id) ?? ''} [${attributes({ label: label(lines), ...lookOf(look) })}]`
}

function edge({ from, to, lines, dashed, plain }: DrawnEdge, names: ReadonlyMap<string, string>): string {
  const looks = attributes({
    ...(lines.length === 0 ? {} : { label: label(lines) }),
    ...(dashed === true ? { style: 'dashed' } : {}),
    ...(plain === true ? { arrowhead: 'none' } : {}),
  })
  return `${names.get(from) ?? ''} -> ${names.get(to) ?? ''}${looks === '' ? '' : ` [${looks}]`}`
}

const tones: Readonly<Record<Look['tone'], { readonly fillcolor: string; readonly color: string }>> = {
  plain: { fillcolor: '#ffffff', color: '#57606a' },
  strong: { fillcolor: '#ffe8a3', color: '#9a6700' },
  source: { fillcolor: '#ddf4ff', color: '#0969da' },
  target: { fillcolor: '#dafbe1', color: '#1a7f37' },
  quiet: { fillcolor: '#f6f8fa', color: '#8c959f' },
}

function lookOf({ shape, tone, dashed }: Look) {
  const style = ['filled', ...(shape === 'round' ? ['rounded'] : []), ...(dashed === true ? ['dashed'] : [])]
  return { shape: 'box', style: style.join(','), ...tones[tone] }
}

function attributes(all: Readonly<Record<string, string>>): string {
  return Object.entries(all)
    .map(([name, value]) => `${name}=${value.startsWith('"') ? value : quoted(value)}`)
    .join(' ')
}

/** Lines of any text, centred or (`\\l`) from the left, as a quoted string: Graphviz reads entities and escapes in labels. */
function label(lines: readonly string[], end: '\\n' | '\\l' = '\\n'): string {
  const texts = lines.map((line) => escaped(plainText(line)).replaceAll('&', '&amp;'))
  return `"${texts.join(end)}${end === '\\l' && lines.length > 0 ? end : ''}"`
}

function quoted(text: string): string {
  return `"${escaped(text)}"`
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')
}
