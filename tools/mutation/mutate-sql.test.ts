import { describe, expect, test } from 'vitest'
import { changeOf } from './mutant.ts'
import { mutantsOf } from './mutate-code.ts'

const changes = (query: string) => {
  const text = `sql\`${query}\``
  return mutantsOf(text)
    .filter(({ start }) => start > 3)
    .map((mutant) => changeOf(text, mutant))
}

describe('conditions', () => {
  test('of a where are taken out together and one by one', () => {
    expect(changes('select from t where a = 1 and (b or c) order by d')).toEqual([
      'a = 1 and (b or c) → true',
      'a = 1 and →',
      'and (b or c) →',
      'b or →',
      'or c →',
    ])
  })

  test('of a join, a filter and a case are conditions, too', () => {
    expect(changes('select count(*) filter (where a) from t join u on t.x = u.x where b')).toEqual([
      'a → true',
      't.x = u.x → true',
      'b → true',
    ])
    expect(changes(`case when a and b then 'x' else 'y' end`)).toEqual([
      'a and b → true',
      'a and →',
      'and b →',
    ])
  })

  test('may be fragments', () => {
    expect(changes(`where \${a} and not exists (\${b})`)).toEqual([
      `\${a} and not exists (\${b}) → true`,
      `\${a} and →`,
      `and not exists (\${b}) →`,
      'not exists → exists',
    ])
  })

  test('may end with a fragment that holds SQL of its own', () => {
    const fragment = `\${x ? sql\` or b\` : sql\`}\`}`
    expect(changes(`where a${fragment} limit 1`)).toContain(`a${fragment} → true`)
  })
})

test('the and of a between is none', () => {
  expect(changes('where a between 1 and 2')).toEqual(['a between 1 and 2 → true'])
})

test('boundaries move, negations go, and nulls are compared as values', () => {
  expect(changes('select a < 1')).toEqual(['< → <='])
  expect(changes('select not (a)')).toEqual(['not ( → ('])
  expect(changes('select a is distinct from b')).toEqual(['is distinct from → <>', 'is distinct from → ='])
  expect(changes('select a is not null')).toEqual(['is not null → is null'])
})

test('words in texts are texts', () => {
  expect(changes(`select 'where a and b', "is null"`)).toEqual([])
})
