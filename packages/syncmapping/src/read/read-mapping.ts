/**
 * A syncmapping as the grammar found it → a syncmapping of the tree.
 *
 * @module
 */
import type * as ast from '../grammar/generated/ast.ts'
import type { Extended, Group, Items, Overview, Source, SyncmappingTree, Traversal } from '../tree/tree.ts'
import { readExpression, readSpec } from './read-expression.ts'
import { readStatements } from './read-statements.ts'
import {
  complete,
  dataModelsIn,
  nameIn,
  propertySpan,
  type Reading,
  spanOf,
  versionIn,
  whole,
} from './reading.ts'

/** `undefined`: it has no name, version or source, so that nothing can be said of the rest. */
export function readSyncmapping(mapping: ast.Syncmapping, reading: Reading): SyncmappingTree | undefined {
  const name = nameIn(mapping, 'name', reading)
  const version = versionIn(mapping, reading)
  const overview = readOverview(whole(mapping.overview), reading)
  const block = whole(mapping.mapping)
  const source = block && readSource(block, reading)
  if (name === undefined || version === undefined || source === undefined) return undefined
  return {
    name,
    version,
    overview,
    constants: readConstants(mapping.constants, reading),
    source,
    items: readItems(block?.items ?? [], reading),
    body: readStatements(whole(mapping.body)?.statements ?? [], reading),
    at: spanOf(mapping, reading),
  }
}

function readConstants(constants: ast.Constants | undefined, reading: Reading) {
  return complete(
    (constants?.entries ?? []).map((entry) => {
      const name = nameIn(entry, 'name', reading)
      const value = readExpression(whole(entry.value), reading)
      return name && value && { name, value }
    }),
  )
}

function readOverview(overview: ast.Overview | undefined, reading: Reading): Overview {
  if (overview === undefined) {
    return { at: reading.places.span(0, 0), tags: [], dataModels: undefined, overrides: [] }
  }
  const { offset } = spanOf(overview, reading)
  const at = reading.places.span(offset, 'overview'.length)
  warnOfSemicolon(whole(overview.closing), 'overview', reading)
  const tags = overview.entries.filter((entry) => entry.$type === 'Tags')
  const models = overview.entries.filter((entry) => entry.$type === 'DataModels')
  const overrides = overview.entries.filter((entry) => entry.$type === 'Overrides')
  if (tags.length === 0) {
    reading.report('NO_TAGS', at, 'This overview has no tags.', 'Write e.g. "tags CMDB;" into it.')
  }
  for (const again of [...tags.slice(1), ...models.slice(1)]) {
    const what = again.$type === 'Tags' ? 'tags' : 'datamodel'
    reading.report(
      'REPEATED_ENTRY',
      spanOf(again, reading),
      `An overview has one entry "${what}".`,
      'Join the two.',
    )
  }
  return {
    at,
    tags: tags.flatMap((entry) =>
      complete(entry.names.map((_, index) => nameIn(entry, 'names', reading, index))),
    ),
    dataModels: models.length === 0 ? undefined : models.flatMap((entry) => dataModelsIn(entry, reading)),
    overrides: overrides.flatMap((entry) => complete(entry.names.map((one) => nameIn(one, 'name', reading)))),
  }
}

/** BMC's own documentation leaves it out in places; every real file has it. */
function warnOfSemicolon(
  closing: ast.OverviewEnd | ast.MappingEnd | undefined,
  block: string,
  reading: Reading,
): void {
  if (closing === undefined || closing.semicolon) return
  const at = spanOf(closing, reading)
  reading.report(
    'SEMICOLON_MISSING',
    at,
    `A semicolon is missing after "end ${block}".`,
    `Write "end ${block};".`,
  )
}

function readSource(block: ast.MappingBlock, reading: Reading): Source | undefined {
  warnOfSemicolon(whole(block.closing), 'mapping', reading)
  const name = nameIn(block, 'name', reading)
  if (name === undefined) return undefined
  const kind = nameIn(block, 'kind', reading)
  if (kind !== undefined) return { type: 'on', kind, where: readWhere(block.where, reading), name }
  const extended = complete(block.sources.map((source) => readExtended(source, reading)))
  return extended.length === 0 ? undefined : { type: 'from', extended, name }
}

function readExtended(source: ast.ScopedName, reading: Reading): Extended | undefined {
  const mapping = nameIn(source, 'mapping', reading)
  const variable = nameIn(source, 'variable', reading)
  return mapping && variable && { mapping, variable, where: readWhere(source.where, reading) }
}

function readWhere(where: ast.Where | undefined, reading: Reading) {
  return readExpression(where && whole(where.condition), reading)
}

function readItems(items: readonly (ast.Item | ast.Expand)[], reading: Reading): Items {
  return {
    targets: complete(
      items.map((item) => {
        if (item.$type !== 'Target') return undefined
        const [name, className] = [nameIn(item, 'name', reading), nameIn(item, 'className', reading)]
        return name && className && { name, className }
      }),
    ),
    traversals: complete(
      items.map((item) => (item.$type === 'Traverse' ? readTraversal(item, reading) : undefined)),
    ),
    groups: complete(items.map((item) => (item.$type === 'Group' ? readGroup(item, reading) : undefined))),
  }
}

function readTraversal(item: ast.Traverse, reading: Reading): Traversal | undefined {
  const name = nameIn(item, 'name', reading)
  return (
    name && {
      spec: readSpec(whole(item.spec), reading),
      where: readWhere(item.where, reading),
      relationship: nameIn(item, 'relationship', reading),
      name,
      items: readItems(item.items, reading),
      at: spanOf(item, reading),
    }
  )
}

function readGroup(group: ast.Group, reading: Reading): Group | undefined {
  const name = nameIn(group, 'name', reading)
  const [expand, again] = group.items.filter((item) => item.$type === 'Expand')
  if (again !== undefined) {
    const at = propertySpan(again, 'name', reading) ?? spanOf(again, reading)
    reading.report('GROUP_REPEATED_EXPAND', at, 'A group is expanded once at most.', 'Join the two blocks.')
  }
  return (
    name && {
      name,
      items: readItems(group.items, reading),
      expand: readExpand(expand, reading),
      at: spanOf(group, reading),
    }
  )
}

function readExpand(expand: ast.Expand | undefined, reading: Reading): Group['expand'] {
  const name = expand && nameIn(expand, 'name', reading)
  return expand && name && { name, items: readItems(expand.items, reading), at: spanOf(expand, reading) }
}
