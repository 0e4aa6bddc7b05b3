/**
 * A drawing as Mermaid, which code hosts and wikis draw where it stands.
 *
 * @module
 */
import {
  type Drawing,
  type DrawnCluster,
  type DrawnEdge,
  type DrawnNode,
  type Look,
  nodesOf,
  numbered,
  plainText,
} from './drawing.ts'

export function toMermaid(drawing: Drawing): string {
  const names = numbered(drawing)
  let clusters = 0
  const cluster = (one: DrawnCluster, indent: string): readonly string[] => {
    clusters += 1
    const inner = `${indent}  `
    return [
      `${indent}subgraph c${clusters} [${text(one.lines)}]`,
      ...one.nodes.map((each) => `${inner}${node(each, names)}`),
      ...one.clusters.flatMap((each) => cluster(each, inner)),
      `${indent}end`,
    ]
  }
  const used = [...new Set(nodesOf(drawing).map(({ look }) => classOf(look)))].sort()
  return [
    `flowchart ${drawing.direction === 'right' ? 'LR' : 'TB'}`,
    ...drawing.nodes.map((each) => `  ${node(each, names)}`),
    ...drawing.clusters.flatMap((each) => cluster(each, '  ')),
    ...drawing.edges.map((each) => `  ${edge(each, names)}`),
    ...used.map((name) => `  classDef ${name} ${styles.get(name) ?? ''}`),
    '',
  ].join('\n')
}

function node({ id, lines, look }: DrawnNode, names: ReadonlyMap<string, string>): string {
  const [open, close] = look.shape === 'round' ? ['(', ')'] : ['[', ']']
  return `${names.get(id) ?? ''}${open}${text(lines)}${close}:::${classOf(look)}`
}

function edge({ from, to, lines, dashed, plain }: DrawnEdge, names: ReadonlyMap<string, string>): string {
  const line = dashed === true ? '-.-' : '---'
  const arrow = plain === true ? line : dashed === true ? '-.->' : '-->'
  const label = lines.length === 0 ? '' : `|${text(lines)}|`
  return `${names.get(from) ?? ''} ${arrow}${label} ${names.get(to) ?? ''}`
}

const tones: Readonly<Record<Look['tone'], string>> = {
  plain: 'fill:#ffffff,stroke:#57606a',
  strong: 'fill:#ffe8a3,stroke:#9a6700',
  source: 'fill:#ddf4ff,stroke:#0969da',
  target: 'fill:#dafbe1,stroke:#1a7f37',
  quiet: 'fill:#f6f8fa,stroke:#8c959f',
}

const styles: ReadonlyMap<string, string> = new Map(
  Object.entries(tones).flatMap(([name, style]): [string, string][] => [
    [name, `${style},color:#1f2328`],
    [`${name}Dashed`, `${style},color:#1f2328,stroke-dasharray:4 3`],
  ]),
)

function classOf({ tone, dashed }: Look): string {
  return dashed === true ? `${tone}Dashed` : tone
}

/** Mermaid reads markup and entities in quoted text, and has its own way to write a character by its number. */
function text(lines: readonly string[]): string {
  const escaped = lines.map((line) =>
    plainText(line).replace(/[^\p{L}\p{N} .,:/()=_+-]/gu, (character) => `#${character.codePointAt(0)};`),
  )
  return `"${escaped.join('<br>')}"`
}
