/**
 * Modules for tests, and what is found in them.
 *
 * @module
 */
import type { Diagnostic } from '../src/diagnostic.ts'
import {
  type ClassModel,
  commonClassModel,
  compile,
  evaluateRoot,
  loadGraph,
  nodeOf,
  type Rules,
  writeResult,
} from '../src/index.ts'

export interface Parts {
  /** Between the header and the syncmapping. */
  readonly before?: string
  readonly overview?: string
  readonly constants?: string
  readonly mapping?: string
  readonly body?: string
  readonly module?: string
  readonly name?: string
}

const block = `mapping on Host as host
    cs -> BMC_ComputerSystem;
    traverse Host:HostedSoftware:RunningSoftware:SoftwareInstance as si
      ss -> BMC_SoftwareServer;
    end traverse;
  end mapping;`

/** A whole module, of which only what matters has to be diagnosticsOf. */
export function moduleText(parts: Parts = {}): string {
  const { before = '', overview = 'tags CMDB;', constants = '', mapping = block, body = '' } = parts
  return `tpl 1.15 module ${parts.module ?? 'T.M'};
${before}
syncmapping ${parts.name ?? 'M'} 1.0
  """Test."""
  overview ${overview} end overview;
  ${constants === '' ? '' : `constants ${constants} end constants;`}
  ${mapping}
  body
    ${body}
  end body;
end syncmapping;
`
}

interface Pointed extends Diagnostic {
  /** `CODE text`: with the text that it points at. */
  readonly shown: string
}

export function compiledDiagnostics(
  texts: string | readonly string[],
  classes: ClassModel = commonClassModel,
): readonly Pointed[] {
  const all = typeof texts === 'string' ? [texts] : texts
  const files = all.map((text, index) => ({ file: `${index}`, text }))
  return compile(files, classes).diagnostics.map((one) => {
    const { offset, length } = one.at
    const text = (all[Number(one.file)] ?? '').slice(offset, offset + length)
    return { ...one, shown: `${one.code} ${text}`.trim() }
  })
}

export function diagnosticsOf(texts: string | readonly string[], classes?: ClassModel): readonly string[] {
  return compiledDiagnostics(texts, classes).map(({ shown }) => shown)
}

/** Errors alone. */
export function errorsOf(texts: string | readonly string[], classes?: ClassModel): readonly string[] {
  return compiledDiagnostics(texts, classes)
    .filter(({ severity }) => severity === 'error')
    .map(({ shown }) => shown)
}

interface Around {
  readonly attrs?: Readonly<Record<string, string | number | boolean | string[]>>
  readonly software?: readonly Readonly<Record<string, string | number | boolean>>[]
  readonly dataModel?: number
  readonly classes?: ClassModel
  readonly external?: readonly string[]
  readonly trace?: (what: string) => void
  readonly rules?: Partial<Omit<Rules, 'classes'>>
}

/** What comes of a host, in the form of a result document. */
export function evaluateHost(texts: string | readonly string[], around: Around = {}) {
  const { attrs = {}, software = [], dataModel = 4, classes = commonClassModel, external = [] } = around
  const files = (typeof texts === 'string' ? [texts] : texts).map((text, index) => ({
    file: `${index}`,
    text,
  }))
  const { program, diagnostics } = compile(files, classes, around.rules)
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  if (errors.length > 0)
    throw new TypeError(errors.map(({ code, message }) => `${code}: ${message}`).join('\n'))
  const { graph, nodes } = loadGraph({
    nodes: [
      { id: 'h', kind: 'Host', attrs: { key: 'H', ...attrs } },
      ...software.map((one, index) => ({
        id: `s${index}`,
        kind: 'SoftwareInstance',
        attrs: { key: `S${index}`, ...one },
      })),
    ],
    rels: software.map((_, index) => ({
      kind: 'HostedSoftware',
      from: 'h',
      fromRole: 'Host',
      to: `s${index}`,
      toRole: 'RunningSoftware',
      attrs: { position: index },
    })),
  })
  const dataset = { has: ({ key }: { readonly key: string }) => external.includes(key) }
  const { trace } = around
  const result = evaluateRoot(program, nodeOf(nodes, 'h'), {
    graph,
    dataset,
    classes,
    dataModel,
    now: () => Date.UTC(2026, 10, 29, 8, 0, 0),
    ...(trace === undefined ? {} : { trace: ({ mapping, what }) => trace(`${mapping}: ${what}`) }),
  })
  return { result, written: writeResult(result) }
}

/** The value of an expression in the body of a host's mapping. */
export function resultOf(
  expression: string,
  around: Around & Pick<Parts, 'before' | 'constants'> = {},
): unknown {
  const body = `cs := sync.BMC_ComputerSystem(key := "K", Value := ${expression});`
  const mapping = 'mapping on Host as host cs -> BMC_ComputerSystem; end mapping;'
  const { before, constants } = around
  const parts = {
    ...(before === undefined ? {} : { before }),
    ...(constants === undefined ? {} : { constants }),
  }
  const { written } = evaluateHost(moduleText({ ...parts, mapping, body }), around)
  return 'cis' in written ? written.cis[0]?.attrs?.['Value'] : written.error.code
}
