/**
 * What resources and links of a graph are called, in a text or a picture.
 *
 * @module
 */
import { printable } from '@sluice/model'
import type { GraphLink, GraphResource } from '@sluice/project'
import { cut } from './display-value.ts'
import type { Colors } from './outlet.ts'

const longestName = 60

/** `Person Grace (1007)`: by its display value, and by its keys where these are others. */
export function namesOf({ display, replicas }: GraphResource): {
  readonly name: string
  readonly keys: string
} {
  const known = [...new Set(replicas.map(({ key }) => key))].filter((key) => key !== display)
  const [first = '', ...others] = display === null ? known : [display, ...known]
  return { name: cut(printable(first), longestName), keys: cut(printable(others.join(', ')), longestName) }
}

/** `Person Grace (1007) #12`: by the last, every command finds it. */
export function nameOf(resource: GraphResource | undefined, colors: Colors): string {
  if (resource === undefined) return ''
  const { name, keys } = namesOf(resource)
  const words = [name === '' ? '' : colors.bold(name), keys === '' ? '' : `(${keys})`]
  return [resource.entityType, ...words, colors.dim(`#${resource.resourceId}`)]
    .filter((word) => word !== '')
    .join(' ')
}

/** Of a reference, the property alone. */
export function linkName({ kind, name }: GraphLink): string {
  return kind === 'reference' ? name.slice(name.indexOf('.') + 1) : name
}
