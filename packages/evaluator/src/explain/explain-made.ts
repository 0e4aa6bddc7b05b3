/**
 * Explains what a graph source has made: which roots give it, and which statement wrote each attribute and link. Nothing of that is
 * stored: roots are evaluated again, by the modules of today.
 *
 * @module
 */
import {
  readOwners,
  readStoredResults,
  type StoredCi,
  type StoredOwners,
  type StoredResult,
} from '@sluice/engine'
import type { MadeByRoots } from '@sluice/model'
import { type EvaluatedRoot, type StoredGraph, storedEvaluator } from './evaluate-stored.ts'
import { attributeWrites, itemWrite, linkWrite, type Written } from './writes-of.ts'

/** Of a shared item that many roots give, so many are evaluated: first those whose values count. */
const mostEvaluated = 5

/** `key`: of the source's replica. `undefined`: no root gives it. */
export async function explainMade(stored: StoredGraph, key: string): Promise<MadeByRoots | undefined> {
  const { session, source, sourceId } = stored
  const ci: StoredCi = {
    sourceId,
    entities: source.entities.map(({ name }) => name),
    associations: source.associations.map(({ name }) => name),
    key,
  }
  const owners = await readOwners(session, ci)
  if (owners.count === 0) return undefined
  const evaluateAgain = storedEvaluator(stored)
  const explained: ExplainedRoot[] = []
  for (const root of rootsToEvaluate(owners)) {
    const results = await readStoredResults(session, ci, root)
    explained.push({ root, results, evaluated: await evaluateAgain(root) })
  }
  return {
    owners: owners.count,
    roots: [...owners.owners],
    attributes: attributesOf(owners, key, explained),
    links: explained.flatMap((one) => linksOf(one, ci)),
    notes: explained.flatMap((one) => notesOf(one, key)),
  }
}

interface ExplainedRoot {
  readonly root: string
  readonly results: readonly StoredResult[]
  readonly evaluated: EvaluatedRoot
}

function rootsToEvaluate({ owners, values }: StoredOwners): readonly string[] {
  const winners = [...values.values()].map(({ root }) => root)
  return [...new Set([...winners, ...owners.map(({ root }) => root)])].slice(0, mostEvaluated)
}

/** Those that count, and those that the roots give now and did not give when they were stored. */
function attributesOf(
  { values }: StoredOwners,
  key: string,
  explained: readonly ExplainedRoot[],
): MadeByRoots['attributes'] {
  const fieldsNow = (evaluated: EvaluatedRoot) =>
    evaluated.type === 'given' ? (evaluated.rows.find((row) => row.key === key)?.fields ?? {}) : {}
  const added = explained.flatMap(({ root, evaluated }) =>
    Object.keys(fieldsNow(evaluated))
      .filter((property) => !values.has(property))
      .map((property) => ({ property, root, stored: null })),
  )
  const counting = [...values].map(([property, { root, value }]) => ({ property, root, stored: value }))
  return [...counting, ...added].map(({ property, root, stored }) => {
    const evaluated = explained.find((one) => one.root === root)?.evaluated
    if (evaluated?.type !== 'given') return { property, root, stored, by: null, overwritten: [] }
    const now = fieldsNow(evaluated)[property] ?? null
    const { by, overwritten } = attributeWrites(evaluated.writes, key, property)
    const own = by ?? itemWrite(evaluated.writes, key)
    return { property, root, stored, now, by: now === null ? null : own, overwritten }
  })
}

function linksOf({ root, results, evaluated }: ExplainedRoot, ci: StoredCi): MadeByRoots['links'] {
  const isLink = ({ mapping }: { readonly mapping: string }) => ci.associations.includes(mapping)
  const given = evaluated.type === 'given' ? evaluated.rows : []
  const linksNow = given.filter((row) => isLink(row) && endsOf(row.key).includes(ci.key))
  const before = results.filter(isLink)
  const same = (a: Written, b: Written) => a.mapping === b.mapping && a.key === b.key
  const gone = before.filter((row) => !linksNow.some((one) => same(one, row)))
  const writes = evaluated.type === 'given' ? evaluated.writes : []
  return [...linksNow, ...gone].map(({ mapping, key }) => {
    const [from, to] = endsOf(key)
    return {
      association: mapping,
      from,
      to,
      root,
      ...(evaluated.type === 'given' ? { now: fieldsOf(linksNow, { mapping, key }) } : {}),
      stored: fieldsOf(before, { mapping, key }),
      by: linkWrite(writes, mapping, { from, to }),
    }
  })
}

function fieldsOf(rows: readonly StoredResult[], { mapping, key }: Written): Record<string, string> | null {
  const row = rows.find((one) => one.mapping === mapping && one.key === key)
  return row === undefined ? null : { ...row.fields }
}

function endsOf(key: string): readonly [from: string, to: string] {
  const [from, to]: readonly unknown[] = JSON.parse(key)
  return [String(from), String(to)]
}

function notesOf({ root, evaluated }: ExplainedRoot, key: string): readonly string[] {
  const now = 'Evaluated now, root'
  switch (evaluated.type) {
    case 'gone':
      return [`Root ${root} is not in the graph any more.`]
    case 'destroyed':
      return [`${now} ${root} is destroyed: what it gave goes.`]
    case 'failed': {
      const { message, place } = evaluated.error
      const where = place === undefined ? '' : `${place.file}:${place.line ?? 1}:${place.column ?? 1}: `
      return [`${now} ${root} fails: ${where}${message}`]
    }
    default:
      return evaluated.rows.some((row) => row.key === key) ? [] : [`${now} ${root} does not give it.`]
  }
}
