/**
 * Keys by which rows find their resources, as normalizers leave them: the model's `key-normalizers.ts` as SQL.
 *
 * Only what PostgreSQL 15 and PGlite have built in, and nothing that depends on the collation of a database or the version of a server.
 *
 * @module
 */
import {
  type Normalizer,
  type NormalizerStep,
  type RuleKey,
  stepsOf,
  worthlessPattern,
  worthSteps,
} from '@sluice/model'
import { type SQL, sql, writtenOut } from '../sql/statement.ts'

/** SQL expression of the key of `text` (an expression of type text), empty where there is none; what an index of it stands on, too. */
export function normalizedKey(normalize: readonly Normalizer[], text: SQL): SQL {
  return sql`coalesce(${carriedOut(stepsOf(normalize), text)}, '')`
}

/** No index takes a text of many thousand bytes, and no key is so long. */
const longestKey = 1000

/** Condition: the value is short enough to be found by a normalized key, as all are that an index of it holds. */
export function isFindable(text: SQL): SQL {
  return sql`coalesce(octet_length(${text}), 0) <= ${sql.literal(longestKey)}`
}

/** As `normalizedKey`; null where it says nothing. */
export function worthKey({ normalize, worthless }: RuleKey, text: SQL): SQL {
  const key = normalizedKey(normalize, text)
  if (!normalize.includes('worthless')) return key
  const worth = carriedOut(worthSteps, key)
  return sql`case when ${worth} !~ ${writtenOut(worthlessPattern(worthless))} then ${key} end`
}

/**
 * Most texts are plain ASCII, of which Unicode has nothing to say. Told apart once, at the outside: within a step each would double what
 * is worked out.
 */
function carriedOut(steps: readonly NormalizerStep[], text: SQL): SQL {
  const ascii = steps.filter((step) => !isBeyondAscii(step))
  const all = steps.reduce((before, step) => stepDone(step, before), text)
  if (ascii.length === steps.length) return all
  const plain = ascii.reduce((before, step) => stepDone(step, before), text)
  return sql`case when octet_length(${text}) = length(${text}) then ${plain} else ${all} end`
}

/** It leaves every text that is plain ASCII as it is. */
function isBeyondAscii(step: NormalizerStep): boolean {
  return step.kind === 'replace' ? step.beyondAscii : step.kind !== 'plainCase'
}

function stepDone(step: NormalizerStep, text: SQL): SQL {
  switch (step.kind) {
    case 'form':
      return sql`normalize(${text}, ${{ NFC: sql`NFC`, NFD: sql`NFD`, NFKC: sql`NFKC` }[step.form]})`
    case 'replace':
      return sql`regexp_replace(${text}, ${writtenOut(step.pattern)}, ${writtenOut(step.by)}, 'g')`
    case 'translate':
      return sql`translate(${text}, ${writtenOut(step.from)}, ${writtenOut(step.to)})`
    case 'plainCase':
      return step.to === 'lower' ? sql`lower(${text} collate "C")` : sql`upper(${text} collate "C")`
  }
}
