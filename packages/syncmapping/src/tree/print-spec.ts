/**
 * A traversal's specification as text.
 *
 * @module
 */
import type { Spec } from './tree.ts'

export function printSpec({ role, relationship, otherRole, kind }: Spec): string {
  return [role, relationship, otherRole, kind].map((part) => part ?? '').join(':')
}
