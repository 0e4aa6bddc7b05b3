/**
 * An object of Kubernetes, and how it is known.
 *
 * @module
 */
import type { Fields } from './found.ts'

export interface KubernetesObject {
  readonly id: string
  readonly kind: string
  readonly name: string
  readonly namespace: string | undefined
  readonly fields: Fields
}

/** `Pod/shop/web-1`, `Node/worker-1`. */
export function objectId(kind: string, namespace: string | undefined, name: string): string {
  return namespace === undefined ? `${kind}/${name}` : `${kind}/${namespace}/${name}`
}
