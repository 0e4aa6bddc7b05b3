/**
 * Objects of the Kubernetes API, as `kubectl get … --output json` writes them.
 *
 * A node is known by kind, namespace and name, because objects name one another so; its key is the uid, which a new object of the same name
 * does not have. What changes by itself, and what may be secret (data of secrets and config maps, environments), is left out.
 *
 * @module
 */

import {
  attributeName,
  type Fields,
  type Found,
  isAttribute,
  mapIn,
  NotUnderstoodError,
  textIn,
} from './found.ts'
import { kubernetesDetails } from './kubernetes-details.ts'
import { type KubernetesObject, objectId } from './kubernetes-object.ts'
import { kubernetesReferences } from './kubernetes-references.ts'

/** Objects that only say how others belong together. */
const relationshipsOnly = new Set(['EndpointSlice'])

export function kubernetesItems(fields: Fields): readonly Found[] {
  const kind = textIn(fields, 'kind')
  const name = textIn(fields, 'metadata', 'name')
  if (kind === undefined || name === undefined)
    throw new NotUnderstoodError('it is no object of Kubernetes: it has no kind, or no metadata.name')
  const namespace = textIn(fields, 'metadata', 'namespace')
  const object = { id: objectId(kind, namespace, name), kind, name, namespace, fields }
  const { attrs, parts } = kubernetesDetails(object)
  const node = { id: object.id, kind, attrs: { ...specOf(fields), ...attrs, ...commonOf(object) } }
  return [...(relationshipsOnly.has(kind) ? [] : [node]), ...parts, ...kubernetesReferences(object)]
}

function commonOf({ id, name, namespace, fields }: KubernetesObject): Fields {
  const uid = textIn(fields, 'metadata', 'uid')
  return {
    key: uid ?? id,
    name,
    namespace,
    uid,
    api_version: textIn(fields, 'apiVersion'),
    created: textIn(fields, 'metadata', 'creationTimestamp'),
    labels: Object.entries(mapIn(fields, 'metadata', 'labels')).map(([label, value]) => `${label}=${value}`),
  }
}

/** What was asked for: texts, numbers and lists of them. */
function specOf(fields: Fields): Fields {
  const spec = Object.entries(mapIn(fields, 'spec')).filter(([, value]) => isAttribute(value))
  return Object.fromEntries(spec.map(([name, value]) => [attributeName(name), value]))
}
