/**
 * Where names stand, and what they stand for: from what the checks come by in bodies, and from declarations.
 *
 * @module
 */
import type { Meaning, Sighting } from '../check/checking.ts'
import { kindOf } from '../link/node-kind.ts'
import {
  allScopes,
  inForce,
  type LinkedModule,
  type Mapping,
  type Named,
  type Program,
  type Scope,
} from '../link/program.ts'
import { printSpec } from '../tree/print-spec.ts'
import type { Import, Items, Name } from '../tree/tree.ts'
import type { Occurrence, What } from './occurrence.ts'

export const occurrencesIn = { body, declarations }

function body(sighting: Sighting, mapping: Mapping): readonly Occurrence[] {
  const { file } = mapping.module.tree
  const { name } = sighting
  switch (sighting.type) {
    case 'name':
      return [{ file, name, ...meant(name.text, sighting.meaning, mapping) }]
    case 'member':
      return [{ file, name, ...memberOf(name.text, sighting.of, mapping) }]
    case 'attribute':
      return [
        { file, name, what: { type: 'attribute', className: sighting.className }, declaration: undefined },
      ]
    default:
      return [{ file, name, what: { type: sighting.type }, declaration: undefined }]
  }
}

type Meant = Pick<Occurrence, 'what' | 'declaration'>

function meant(text: string, meaning: Meaning, mapping: Mapping): Meant {
  const { file } = mapping.module.tree
  switch (meaning.type) {
    case 'unknown':
      return { what: { type: 'unknown' }, declaration: undefined }
    case 'named':
      return namedAs(text, meaning.named, mapping.module)
    case 'local':
      return { what: { type: 'local' }, declaration: { file, name: meaning.declared } }
    case 'constant':
      return constant(meaning.declared, mapping)
    case 'target':
      return {
        what: { type: 'target', className: meaning.className },
        declaration: { file, name: meaning.declared },
      }
    default:
      return inScope(meaning.declared, meaning.scope, mapping)
  }
}

function constant(name: Name, { tree, module }: Mapping): Meant {
  const value = tree.constants.find((one) => one.name === name)?.value
  return { what: { type: 'constant', value }, declaration: { file: module.tree.file, name } }
}

/** One of the names that a scope declares. */
function inScope(name: Name, scope: Scope, mapping: Mapping): Meant {
  const declaration = { file: mapping.module.tree.file, name }
  const className = scope.targets.get(name.text)
  if (className !== undefined && name !== scope.name && name !== scope.relationship) {
    return { what: { type: 'target', className: className.text }, declaration }
  }
  const kind = name === scope.name ? kindOf(scope, mapping) : undefined
  return { what: { type: 'variable', scope, kind, says: described(name, scope, mapping) }, declaration }
}

function described(name: Name, scope: Scope, { tree }: Mapping): string {
  const spec = scope.spec === undefined ? '' : printSpec(scope.spec)
  if (name === scope.relationship) return `relationship of traverse ${spec}`
  if (scope.kind === 'traversal') return `traverse ${spec}`
  if (scope.kind === 'group') return 'group'
  if (scope.kind === 'expansion') return `expand of group ${scope.parent?.name.text ?? ''}`
  if (tree.source.type === 'on') return `mapping on ${tree.source.kind.text}`
  const from = tree.source.extended.map(({ mapping, variable }) => `${mapping.text}.${variable.text}`)
  return `mapping from ${from.join(', ')}`
}

/** What a module's body calls so: its own declaration, or an import under its name or another one. */
function namedAs(text: string, named: Named, module: LinkedModule): Meant {
  const { what, declaration } = declared(named)
  const imported = module.tree.imports.find(({ alias }) => alias.text === text)
  if (imported === undefined || imported.alias === imported.name) return { what, declaration }
  return { what, declaration: { file: module.tree.file, name: imported.alias, original: declaration } }
}

function declared(named: Named): Meant {
  switch (named.type) {
    case 'mapping':
      return {
        what: { type: 'syncmapping', says: overridden(named.mapping) },
        declaration: { file: named.mapping.module.tree.file, name: named.mapping.tree.name },
      }
    case 'table':
      return {
        what: { type: 'table' },
        declaration: { file: named.module.tree.file, name: named.table.name },
      }
    case 'configuration':
      return {
        what: { type: 'configuration' },
        declaration: { file: named.module.tree.file, name: named.configuration.name },
      }
    default:
      return { what: { type: 'unavailable' }, declaration: undefined }
  }
}

function overridden({ overriddenBy }: Mapping): string {
  return overriddenBy === undefined ? '' : `overridden by ${overriddenBy.tree.name.text}`
}

function memberOf(text: string, of: Meaning, mapping: Mapping): Meant {
  if (of.type === 'target')
    return { what: { type: 'attribute', className: of.className }, declaration: undefined }
  if (of.type === 'variable') {
    const kind = of.declared === of.scope.name ? kindOf(of.scope, mapping) : undefined
    return { what: { type: 'nodeAttribute', kind }, declaration: undefined }
  }
  if (of.type !== 'named') return { what: { type: 'unknown' }, declaration: undefined }
  if (of.named.type === 'mapping') return readableIn(inForce(of.named.mapping), text)
  if (of.named.type !== 'configuration') return { what: { type: 'unknown' }, declaration: undefined }
  const { configuration, module } = of.named
  const setting = configuration.settings.find(({ name }) => name.text === text)
  return {
    what: { type: 'setting' },
    declaration: setting && { file: module.tree.file, name: setting.name },
  }
}

/** What another mapping reads of this one: a variable, a target, a constant. */
function readableIn(mapping: Mapping, text: string): Meant {
  for (const scope of allScopes(mapping.scope)) {
    const name = scope.declared.find((one) => one.text === text)
    if (name !== undefined) return inScope(name, scope, mapping)
  }
  const found = mapping.tree.constants.find(({ name }) => name.text === text)
  return found === undefined
    ? { what: { type: 'unknown' }, declaration: undefined }
    : constant(found.name, mapping)
}

function declarations(module: LinkedModule, program: Program): readonly Occurrence[] {
  const { tree } = module
  const { file } = tree
  const own = (name: Name, what: What): Occurrence => ({ file, name, what, declaration: { file, name } })
  return [
    ...(tree.name.text === '' ? [] : [own(tree.name, { type: 'module' })]),
    ...tree.imports.flatMap((one) => importedNames(one, module, program)),
    ...tree.tables.map(({ name }) => own(name, { type: 'table' })),
    ...tree.configurations.flatMap(({ name, settings }) => [
      own(name, { type: 'configuration' }),
      ...settings.map((setting) => own(setting.name, { type: 'setting' })),
    ]),
    ...program.mappings
      .filter((mapping) => mapping.module === module)
      .flatMap((mapping) => [
        own(mapping.tree.name, { type: 'syncmapping', says: overridden(mapping) }),
        ...inBlock(mapping),
      ]),
  ]
}

function importedNames(imported: Import, module: LinkedModule, program: Program): readonly Occurrence[] {
  const { file } = module.tree
  const from = program.modules.find(({ tree }) => tree.name.text === imported.module.text)
  const named = module.names.get(imported.alias.text)
  const { what, declaration } = declared(named ?? { type: 'unavailable' })
  const ofModule = from && { file: from.tree.file, name: from.tree.name }
  const alias = { file, name: imported.alias, original: declaration }
  return [
    { file, name: imported.module, what: { type: 'module' }, declaration: ofModule },
    { file, name: imported.name, what, declaration },
    ...(imported.alias === imported.name ? [] : [{ file, name: imported.alias, what, declaration: alias }]),
  ]
}

/** What stands in front of a body. */
function inBlock(mapping: Mapping): readonly Occurrence[] {
  const { tree, module, scope } = mapping
  const { file } = module.tree
  const named = (name: Name): Occurrence => {
    const one = module.names.get(name.text)
    return { file, name, ...namedAs(name.text, one ?? { type: 'unavailable' }, module) }
  }
  const { source } = tree
  const from: readonly Occurrence[] =
    source.type === 'on'
      ? []
      : source.extended.flatMap(({ mapping: extended, variable }) => {
          const other = module.names.get(extended.text)
          const found = other?.type === 'mapping' ? readableIn(inForce(other.mapping), variable.text) : none
          return [named(extended), { file, name: variable, ...found }]
        })
  return [
    ...tree.overview.overrides.map(named),
    ...from,
    ...tree.constants.map(({ name }) => ({ file, name, ...constant(name, mapping) })),
    ...allScopes(scope).flatMap((one) =>
      one.declared.map((name) => ({ file, name, ...inScope(name, one, mapping) })),
    ),
    ...classesIn(tree.items).map(
      (name): Occurrence => ({ file, name, what: { type: 'class' }, declaration: undefined }),
    ),
  ]
}

const none: Meant = { what: { type: 'unknown' }, declaration: undefined }

function classesIn({ targets, traversals, groups }: Items): readonly Name[] {
  return [
    ...targets.map(({ className }) => className),
    ...traversals.flatMap(({ items }) => classesIn(items)),
    ...groups.flatMap(({ items, expand }) => [
      ...classesIn(items),
      ...(expand ? classesIn(expand.items) : []),
    ]),
  ]
}
