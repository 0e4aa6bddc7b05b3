/**
 * Writes the texts of modules into a definition that will be stored: the repository has no files beside it.
 *
 * @module
 */
import { isMap, isScalar, isSeq, type Node, parseDocument, Scalar, type YAMLMap } from 'yaml'
import type { GraphModule } from '../source/graph.ts'
import type { StoredDefinition } from './stored-definitions.ts'
import type { ConfigurationFile } from './yaml-file.ts'

type Find = (pattern: string) => readonly GraphModule[] | undefined

/** `find`: what a file, a folder or a pattern stands for; what it does not find stays as it is written. */
export function withModuleTexts(file: ConfigurationFile, find: Find): ConfigurationFile {
  const document = parseDocument(file.text)
  const sources = document.get('sources')
  for (const { value } of isMap(sources) ? sources.items : []) {
    const graph = isMap(value) ? value.get('graph') : undefined
    if (isMap(graph)) writeTexts(graph, find)
  }
  return { ...file, text: document.toString({ lineWidth: 0 }) }
}

function writeTexts(graph: YAMLMap, find: Find): void {
  const written = graph.get('modules', true)
  const items = isSeq(written) ? written.items : [written]
  const texts = items.flatMap((item): readonly unknown[] => {
    const modules = isScalar(item) ? find(String(item.value)) : undefined
    return modules?.map(({ file, text }) => ({ file, text: blockOf(text) })) ?? [item]
  })
  graph.set('modules', texts)
}

/** As people read it: line by line. */
function blockOf(text: string): Node {
  const scalar = new Scalar(text)
  scalar.type = 'BLOCK_LITERAL'
  return scalar
}

/** A stored definition with these modules in the place of those it has. */
export function withModules(
  { name, text }: StoredDefinition,
  modules: readonly GraphModule[],
): StoredDefinition {
  const document = parseDocument(text)
  const texts = modules.map((module) => ({ file: module.file, text: blockOf(module.text) }))
  document.setIn(['sources', name, 'graph', 'modules'], document.createNode(texts))
  return { name, text: document.toString({ lineWidth: 0 }) }
}
