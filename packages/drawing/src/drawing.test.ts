import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Drawing } from './drawing.ts'
import { toDot } from './to-dot.ts'
import { toMermaid } from './to-mermaid.ts'
import { toSvg } from './to-svg.ts'

const box = { shape: 'box', tone: 'plain' } as const
const two: Drawing = {
  title: 'two',
  direction: 'right',
  nodes: [{ id: 'a', lines: ['web 1', '#11'], look: { shape: 'round', tone: 'strong' } }],
  clusters: [
    {
      lines: ['a frame'],
      nodes: [{ id: 'b', lines: ['shop'], look: { ...box, dashed: true } }],
      clusters: [{ lines: [], nodes: [{ id: 'c', lines: ['c'], look: box }], clusters: [], dashed: true }],
    },
  ],
  edges: [
    { from: 'a', to: 'b', lines: ['RunsOn'] },
    { from: 'b', to: 'c', lines: [], dashed: true, plain: true },
  ],
}
/** One node that says this. */
const saying = (text: string): Drawing => ({
  ...two,
  title: text,
  clusters: [{ lines: [text], nodes: [{ id: text, lines: [text], look: box }], clusters: [] }],
  edges: [{ from: 'a', to: text, lines: [text] }],
})
/** What a reader of the SVG sees, element by element. */
const textsIn = (svg: string) =>
  [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text = '']) =>
    text
      .replace(/&#(x?)([0-9a-f]+);/gi, (_, hex: string, number: string) =>
        String.fromCodePoint(Number.parseInt(number, hex === '' ? 10 : 16)),
      )
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&quot;', '"')
      .replaceAll('&amp;', '&'),
  )

describe('a drawing', () => {
  test('is DOT that Graphviz reads', () => {
    expect(toDot(two)).toMatchInlineSnapshot(`
      "digraph "two" {
        graph [rankdir="LR" fontname="Helvetica,Arial,sans-serif" fontsize="11"]
        node [fontname="Helvetica,Arial,sans-serif" fontsize="11" margin="0.22,0.08" height="0.3"]
        edge [fontname="Helvetica,Arial,sans-serif" fontsize="9" color="#57606a" fontcolor="#57606a" arrowsize="0.7"]
        n1 [label="web 1\\n#11" shape="box" style="filled,rounded" fillcolor="#ffe8a3" color="#9a6700"]
        subgraph cluster_1 {
          graph [label="a frame\\l" style="rounded" color="#8c959f" fontcolor="#57606a" labeljust="l" margin="12"]
          n2 [label="shop" shape="box" style="filled,dashed" fillcolor="#ffffff" color="#57606a"]
          subgraph cluster_2 {
            graph [label="" style="rounded,dashed" color="#8c959f" fontcolor="#57606a" labeljust="l" margin="12"]
            n3 [label="c" shape="box" style="filled" fillcolor="#ffffff" color="#57606a"]
          }
        }
        n1 -> n2 [label="RunsOn"]
        n2 -> n3 [style="dashed" arrowhead="none"]
      }
      "
    `)
  })

  test('is Mermaid', () => {
    expect(toMermaid(two)).toMatchInlineSnapshot(`
      "flowchart LR
        n1("web 1<br>#35;11"):::strong
        subgraph c1 ["a frame"]
          n2["shop"]:::plainDashed
          subgraph c2 [""]
            n3["c"]:::plain
          end
        end
        n1 -->|"RunsOn"| n2
        n2 -.- n3
        classDef plain fill:#ffffff,stroke:#57606a,color:#1f2328
        classDef plainDashed fill:#ffffff,stroke:#57606a,color:#1f2328,stroke-dasharray:4 3
        classDef strong fill:#ffe8a3,stroke:#9a6700,color:#1f2328
      "
    `)
  })

  test('is SVG, the same each time', async () => {
    const svg = await toSvg(two)
    expect(textsIn(svg)).toEqual(['a frame', 'web 1', '#11', 'shop', 'RunsOn', 'c'])
    expect(await toSvg(two)).toBe(svg)
  })

  test('shows any text as it is, and lets none command whoever draws', async () => {
    for (const text of [
      '<script>alert(1)</script>',
      '&lt;b&gt; &amp; &#60;',
      '"] n9 [label="x',
      '\\N \\G \\n',
      '--> | end',
      '<b>bold</b>',
    ]) {
      const svg = await toSvg(saying(text))
      expect(textsIn(svg)).toContain(text)
      expect(svg).not.toContain('<script')
    }
    expect(toMermaid(saying('"] click <b>|#'))).not.toMatch(/<b>|"\]? click/)
  })

  test('is drawn whatever text there is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 20 }), async (text) => {
        // biome-ignore lint/suspicious/noControlCharactersInRegex: XML has no place for them
        expect(await toSvg(saying(text))).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/)
      }),
      { numRuns: 15 },
    )
  })

  test('of many edges has straight ones, which are found in time', () => {
    const edges = Array.from({ length: 101 }, () => ({ from: 'a', to: 'b', lines: [] }))
    expect(toDot({ ...two, edges })).toContain('splines="line"')
    expect(toDot({ ...two, edges: edges.slice(1) })).not.toContain('splines')
  })
})
