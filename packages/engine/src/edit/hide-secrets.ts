/**
 * Hides the secrets that people give, before anything of the database sees them.
 *
 * Who gives the secret that a resource has changes nothing: what is given is verified against what is stored, and where it is the same, the
 * stored text stays.
 *
 * @module
 */
import {
  type EditRequest,
  type EntityModel,
  groupBy,
  hashedOf,
  hiddenText,
  isHidden,
  isSecret,
  type Property,
  randomSalt,
  saltOf,
} from '@sluice/model'
import { columnOf, columnOfRow, more, run, type Statement, sql, statement } from '@sluice/repository'
import type { RunContext } from '../context/run-context.ts'
import { resourcesOf } from '../sql/tables.ts'
import type { ResourceEdit } from './lay-out-edits.ts'

/** The edits with their secrets hidden. */
export async function hideSecrets(
  context: RunContext,
  edits: readonly ResourceEdit[],
): Promise<readonly ResourceEdit[]> {
  const stored = await storedSecrets(context, edits.filter(givesSecret))
  return await Promise.all(
    edits.map(async (edit) => {
      const hidden = secretColumns(edit).map(async (column) => {
        const before = stored.get(edit.resourceId)?.[column]
        return [column, await hide(edit.columns[column] ?? null, before)] as const
      })
      return hidden.length === 0
        ? edit
        : { ...edit, columns: { ...edit.columns, ...Object.fromEntries(await Promise.all(hidden)) } }
    }),
  )
}

/** The request as it may be kept. */
export async function withHiddenSecrets(model: EntityModel, request: EditRequest): Promise<EditRequest> {
  const edits = request.edits.map(async (edit) => {
    if (edit.action !== 'create' && edit.action !== 'update') return edit
    const secrets = (model.entityTypes.get(edit.type)?.properties ?? []).filter(
      (property) => isSecret(property) && Object.hasOwn(edit.values, property.name),
    )
    const hidden = secrets.map(async ({ name }) => {
      const value = edit.values[name] ?? null
      return [name, value === null ? null : await hide(String(value), undefined)] as const
    })
    return { ...edit, values: { ...edit.values, ...Object.fromEntries(await Promise.all(hidden)) } }
  })
  return { ...request, edits: await Promise.all(edits) }
}

/** `stored`: the hidden text that stays, where it is of the same secret. */
async function hide(text: string | null, stored: string | null | undefined): Promise<string | null> {
  if (text === null || text === '' || isHidden(text)) return text
  const salt = typeof stored === 'string' ? saltOf(stored) : undefined
  if (salt !== undefined && (await hiddenBy(text, salt)) === stored) return stored
  return await hiddenBy(text, randomSalt())
}

async function hiddenBy(text: string, salt: Uint8Array): Promise<string> {
  const hash = await globalThis.crypto.subtle.digest('SHA-256', hashedOf(text, salt))
  return hiddenText(salt, new Uint8Array(hash))
}

/** Columns of the edit that are given a secret. */
function secretColumns({ properties }: ResourceEdit): readonly string[] {
  return properties.filter(isSecret).map(columnOf)
}

function givesSecret(edit: ResourceEdit): boolean {
  return edit.operation === 'update' && secretColumns(edit).length > 0
}

type StoredSecrets = Readonly<Record<string, string | null>>

/** By resource, the hidden texts of the columns that edits give. */
async function storedSecrets(
  { session }: RunContext,
  edits: readonly ResourceEdit[],
): Promise<ReadonlyMap<string, StoredSecrets>> {
  const stored = new Map<string, StoredSecrets>()
  for (const [entityType, of] of groupBy(edits, (edit) => edit.entityType)) {
    const properties = [
      ...new Map(
        of.flatMap((edit) => edit.properties.filter(isSecret)).map((one) => [one.name, one]),
      ).values(),
    ]
    const { rows } = await run(session, findSecrets(entityType, properties, of))
    for (const { resource_id: id, ...secrets } of rows) stored.set(id, secrets)
  }
  return stored
}

function findSecrets(
  entityType: string,
  properties: readonly Property[],
  edits: readonly ResourceEdit[],
): Statement<StoredSecrets & { readonly resource_id: string }> {
  const ids = sql.value(`{${edits.map(({ resourceId }) => resourceId).join(',')}}`)
  return statement(
    `edit/find-secrets ${entityType}`,
    sql`select o.resource_id${more(properties.map((property) => columnOfRow(sql`o`, columnOf(property))))}
    from ${resourcesOf(entityType)} o where o.resource_id = any(${ids}::bigint[])`,
  )
}
