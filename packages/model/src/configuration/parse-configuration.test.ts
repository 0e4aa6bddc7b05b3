import { describe, expect, test } from 'vitest'
import { findingCodes } from './finding.ts'
import { type ParseOptions, parseConfiguration } from './parse-configuration.ts'
import type { ConfigurationFile } from './yaml-file.ts'

const base = `
entityTypes:
  Department:
    properties: {code: string, name: string}
  Person:
    display: name
    properties:
      number: {type: string, required: true}
      name: string
      born: date
      salary: decimal
      active: boolean
      photo: file
      department: {type: reference, to: Department}
associations:
  Approver: {from: Person, to: Department, properties: {since: date}}
sources:
  hr:
    folder: data
    entities:
      Department: {file: departments.csv, key: code, properties: {code: code, name: name}}
      Person:
        file: people.csv
        key: number
        properties:
          number: no
          name: name
          born: born
          salary: salary
          active: active
          photo: photo
          department: department
    associations:
      Approver: {file: approvers.csv, from: person, to: department, properties: {since: since}}
`

const parse = (text: string, options: ParseOptions = {}) =>
  parseConfiguration([{ path: 'sluice.yaml', text }], options)

/** Every finding as `code (last digits) message remedy`, and the word its place points at. */
function findingsOf(files: readonly [ConfigurationFile, ...ConfigurationFile[]], options: ParseOptions = {}) {
  return parseConfiguration(files, options).findings.map((finding) => {
    const file = files.find(({ path }) => path === finding.file)
    const line = file?.text.split('\n')[(finding.line ?? 0) - 1] ?? ''
    const [points] = /^(?:"[^"]*"|[^\s,:{}[\]]+|.)/.exec(line.slice((finding.column ?? 0) - 1)) ?? ['']
    return {
      code: finding.code,
      at: points,
      says: [finding.message, finding.remedy].filter(Boolean).join(' '),
    }
  })
}

interface Mistake {
  readonly title: string
  /** What stands in the configuration above, and what stands there instead. */
  readonly change: readonly [string, string]
  readonly code: string
  readonly at: string
  readonly says: string
}

const mistakes: readonly Mistake[] = [
  {
    title: 'a key that does not exist',
    change: ['folder: data', 'foldr: data'],
    code: findingCodes.unknownKey,
    at: 'foldr',
    says: 'There is no key "foldr" in "hr". Did you mean "folder"?',
  },
  {
    title: 'a key of another kind of property',
    change: ['{type: reference, to: Department}', '{type: string, to: Department}'],
    code: findingCodes.unknownKey,
    at: 'to',
    says: 'There is no key "to" in "department". Known: type, required, label, description, history, indexed.',
  },
  {
    title: 'a key that stands twice',
    change: ['name: name\n          born', 'name: name\n          name: born\n          born'],
    code: findingCodes.syntax,
    at: 'name',
    says: 'This key occurs twice here. Keep one of the two, or merge their content.',
  },
  {
    title: 'a tab as indentation',
    change: ['    folder: data', '\tfolder: data'],
    code: findingCodes.syntax,
    at: '\t',
    says: 'YAML does not allow a tab here, only spaces. Indent with two spaces.',
  },
  {
    title: 'a type that does not exist',
    change: ['salary: decimal', 'salary: decmal'],
    code: findingCodes.wrongValue,
    at: 'decmal',
    says: '"salary" cannot be "decmal". Did you mean "decimal"?',
  },
  {
    title: 'a reference in short form',
    change: ['salary: decimal', 'salary: reference'],
    code: findingCodes.wrongValue,
    at: 'reference',
    says: '"salary" cannot be "reference". Add the entity type: {type: reference, to: …}.',
  },
  {
    title: 'a key that is missing',
    change: ['key: code, ', ''],
    code: findingCodes.wrongValue,
    at: 'Department',
    says: '"key" is missing in "Department". Name the mapped property that identifies a row.',
  },
  {
    title: 'a value that is missing',
    change: ['salary: decimal', 'salary:'],
    code: findingCodes.wrongValue,
    at: 'salary',
    says: '"salary" must be a type such as "string", or a map such as {type: string, required: true}, but it is empty.',
  },
  {
    title: 'a list in place of a map',
    change: ['properties: {code: string, name: string}', 'properties: [code, name]'],
    code: findingCodes.wrongValue,
    at: '[',
    says: '"properties" must be a map of names.',
  },
  {
    title: 'a limit that is none',
    change: ['key: number', 'key: number\n        thresholds: {deleted: 10 %}'],
    code: findingCodes.wrongValue,
    at: '10',
    says: '"deleted" must be a percentage such as 10%, a number of rows, or off, not "10 %".',
  },
  {
    title: 'a name that is not legal',
    change: ['salary: decimal', 'monthly salary: decimal'],
    code: findingCodes.name,
    at: 'monthly',
    says: '"monthly salary" is not a legal name: it must be a letter, followed by at most 49 letters, digits and underscores. Write for example "monthly_salary".',
  },
  {
    title: 'two properties of one column',
    change: ['salary: decimal', 'salary: decimal\n      departmentId: string'],
    code: findingCodes.name,
    at: 'department',
    says: 'Property "department" of "Person" would be called "department_id" in SQL, and Property "departmentId" of "Person" has the same name. Choose another name.',
  },
  {
    title: 'a column that every table has already',
    change: ['salary: decimal', 'salary: decimal\n      xmin: string'],
    code: findingCodes.name,
    at: 'xmin',
    says: 'Property "xmin" of "Person" would be called "xmin" in SQL, and "xmin" is reserved by Sluice or PostgreSQL. Choose another name.',
  },
  {
    title: 'an association called like a table of an entity type',
    change: ['entityTypes:', 'entityTypes:\n  approver: {}'],
    code: findingCodes.name,
    at: 'Approver',
    says: 'Association "Approver" would be called "approver" in SQL, and Entity type "approver" has the same name. Choose another name.',
  },
  {
    title: 'a type that would be called like a table of Sluice',
    change: ['entityTypes:', 'entityTypes:\n  SluiceRun: {}'],
    code: findingCodes.name,
    at: 'SluiceRun',
    says: '"SluiceRun" would be a table that begins with "sluice_", which is kept for the tables of Sluice. Choose another name.',
  },
  {
    title: 'a reference to an unknown type',
    change: ['to: Department}', 'to: Departement}'],
    code: findingCodes.unknownName,
    at: 'Departement',
    says: 'There is no entity type "Departement". Did you mean "Department"?',
  },
  {
    title: 'a mapping of an unknown property',
    change: ['born: born', 'birn: born'],
    code: findingCodes.unknownName,
    at: 'birn',
    says: '"Person" has no property "birn". Did you mean "born"?',
  },
  {
    title: 'a type that extends itself',
    change: ['display: name', 'display: name\n    extends: Person'],
    code: findingCodes.inheritance,
    at: 'Person',
    says: '"Person" extends itself. Remove one of these extends.',
  },
  {
    title: 'an inherited property of another type',
    change: ['display: name', 'display: name\n    extends: Base'],
    code: findingCodes.inheritance,
    at: 'decimal',
    says: '"salary" is inherited as integer and cannot be changed to decimal. Give it the inherited type, or another name.',
  },
  {
    title: 'a key that is not mapped',
    change: ['key: number', 'key: nmber'],
    code: findingCodes.mapping,
    at: 'nmber',
    says: 'The key "nmber" is not among the mapped properties. Did you mean "number"?',
  },
  {
    title: 'a mapping of an abstract type',
    change: ['display: name', 'display: name\n    abstract: true'],
    code: findingCodes.mapping,
    at: 'Person',
    says: '"Person" is abstract and has no resources of its own. Map a type that extends it; or list rules by which rows find resources of those.',
  },
  {
    title: 'an option of another type',
    change: ['name: name\n          born', 'name: {column: name, format: dd}\n          born'],
    code: findingCodes.mapping,
    at: 'format',
    says: '"format" is for date and datetime properties; "name" is string. Remove "format".',
  },
  {
    title: 'a format of references to something else',
    change: ['department: department', 'department: {column: department, format: dd.MM.yyyy}'],
    code: findingCodes.mapping,
    at: 'format',
    says: '"format" is for date and datetime properties; "code" is string. Remove "format".',
  },
  {
    title: 'a format of ends of links to something else',
    change: ['from: person', 'from: {column: person, decimalSeparator: ","}'],
    code: findingCodes.mapping,
    at: 'decimalSeparator',
    says: '"decimalSeparator" is for decimal and integer properties; "number" is string. Remove "decimalSeparator".',
  },
  {
    title: 'a date format with a wrong token',
    change: ['born: born', 'born: {column: born, format: dd/MM/YYYY}'],
    code: findingCodes.wrongValue,
    at: 'dd/MM/YYYY',
    says: '"dd/MM/YYYY" is not a valid date format: "YYYY" is not one of yyyy, MM, dd, HH, mm, ss, SSS, M, d, H. Write for example dd/MM/yyyy.',
  },
  {
    title: 'one separator for thousands and decimals',
    change: ['salary: salary', 'salary: {column: salary, thousandsSeparator: "."}'],
    code: findingCodes.mapping,
    at: '"."',
    says: '"." is the separator of both thousands and decimals. Give the decimalSeparator too.',
  },
  {
    title: 'a word for both true and false',
    change: ['active: active', 'active: {column: active, words: {true: [yes, x], false: [no, x]}}'],
    code: findingCodes.mapping,
    at: 'x',
    says: '"x" means both true and false.',
  },
  {
    title: 'a reference by a file',
    change: ['from: person', 'from: {column: person, by: photo}'],
    code: findingCodes.mapping,
    at: 'photo',
    says: '"photo" of "Person" is a file and cannot name a resource. Use a property with a plain value.',
  },
  {
    title: 'two formats for one file',
    change: ['file: approvers.csv', 'file: people.csv, format: {separator: tab}'],
    code: findingCodes.mapping,
    at: 'format',
    says: '"people.csv" is mapped with two different formats. Give every mapping of a file the same format.',
  },
  {
    title: 'a variable that is not set',
    change: ['entityTypes:', 'repository: postgresql://me:$' + '{PASSWORD}@db/x\nentityTypes:'],
    code: findingCodes.environment,
    at: 'postgresql',
    says: 'The environment variable "PASSWORD" is not set. Set it, then start again.',
  },
  {
    title: 'a memory limit without a unit',
    change: ['entityTypes:', 'prepare: {memoryLimit: 512}\nentityTypes:'],
    code: findingCodes.wrongValue,
    at: '512',
    says: '"memoryLimit" must be a size such as 512MB, not "512".',
  },
]

describe('parseConfiguration', () => {
  test.each(mistakes)('points at $title', ({ change: [stands, instead], code, at, says }) => {
    expect(base).toContain(stands)
    const other = { path: 'base.yaml', text: 'entityTypes: {Base: {properties: {salary: integer}}}' }
    const text = base.replace(stands, instead)
    expect(findingsOf([{ path: 'sluice.yaml', text }, other])).toEqual([{ code, at, says }])
  })

  test('tells several mistakes at once, in the order of the text', () => {
    const text = base
      .replace('folder: data', 'foldr: data')
      .replace('salary: decimal', 'salary: decmal')
      .replace('from: person, ', '')
    expect(findingsOf([{ path: 'sluice.yaml', text }]).map(({ at }) => at)).toEqual([
      'decmal',
      'foldr',
      'Approver',
    ])
  })

  test('names both places of what is defined in two files', () => {
    const other = { path: 'more.yaml', text: 'entityTypes:\n  Person: {}\n' }
    expect(findingsOf([{ path: 'sluice.yaml', text: base }, other])).toEqual([
      {
        code: findingCodes.definedTwice,
        at: 'Person',
        says: '"Person" is defined in sluice.yaml, line 5, already. Keep one of the two.',
      },
    ])
  })

  test('refuses what only sluice.yaml may hold in an included file', () => {
    const other = { path: 'more.yaml', text: 'repository: ./elsewhere' }
    expect(findingsOf([{ path: 'sluice.yaml', text: base }, other])).toEqual([
      {
        code: findingCodes.unknownKey,
        at: 'repository',
        says: 'There is no key "repository" in this file. Known: entityTypes, associations, sources, jobs.',
      },
    ])
  })

  test('finds a circle of types that extend one another', () => {
    const text = 'entityTypes: {A: {extends: B}, B: {extends: C}, C: {extends: A}}\nsources: {s: {}}'
    const [circle] = findingsOf([{ path: 'sluice.yaml', text }])
    expect(circle?.says).toBe('extends forms a circle: A → B → C → A. Remove one of these extends.')
  })

  test('names the key that was written where another was meant by which a map is told from others', () => {
    const text = base
      .replace('{type: string, required: true}', '{typ: string}')
      .replace('{type: reference, to: Department}', '{tpye: reference, to: Department}')
    const { findings } = parse(text)
    expect(findings).toMatchObject([
      { line: 8, column: 16, message: 'There is no key "typ" in "number".', remedy: 'Did you mean "type"?' },
      {
        line: 14,
        column: 20,
        message: 'There is no key "tpye" in "department".',
        remedy: 'Did you mean "type"?',
      },
    ])
  })

  test('points at what a merge brings where it is written', () => {
    const text = base.replace(
      '  hr:\n    folder: data\n',
      '  other: &common {folder: data, foldr: there, entities: {}}\n  hr:\n    <<: *common\n',
    )
    const { findings } = parse(text)
    const { line } = findings.find(({ message }) => message === 'There is no key "foldr" in "hr".') ?? {}
    expect(text.split('\n')[(line ?? 0) - 1]).toContain('&common')
    const mended = parse(text.replace(', foldr: there', ''))
    expect(mended.configuration?.sources.get('hr')?.folder).toBe('data')
  })

  test('survives aliases that unfold without end', () => {
    const text = [
      'a: &a [x, x, x, x, x, x, x, x, x]',
      'b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]',
      'c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]',
      'd: [*c,*c,*c,*c,*c,*c,*c,*c,*c]',
    ].join('\n')
    expect(findingsOf([{ path: 'sluice.yaml', text }])[0]?.code).toBe(findingCodes.syntax)
  })

  test('finds the property of a target: the key of the same source first, then the one of all sources', () => {
    const { configuration } = parse(base)
    const hr = configuration?.sources.get('hr')
    expect(hr?.entities[1]?.properties.at(-1)?.by).toBe('code')
    expect(hr?.associations[0]).toMatchObject({ from: { by: 'number' }, to: { by: 'code' } })

    const elsewhere = `${base}  other:\n    associations:\n      Approver: {file: a.csv, from: p, to: d}\n`
    expect(parse(elsewhere).configuration?.sources.get('other')?.associations[0]).toMatchObject({
      from: { by: 'number' },
      to: { by: 'code' },
    })
  })

  test('keeps what is written as text, although YAML would take it for a number or a truth value', () => {
    const text = base
      .replace('name: name\n          born', 'name: 007\n          born')
      .replace('active: active', 'active: {column: active, words: {true: [1, true], false: [0, 0.0]}}')
    const properties = parse(text).configuration?.sources.get('hr')?.entities[1]?.properties ?? []
    expect(properties.find(({ property }) => property === 'name')?.column).toBe('007')
    expect(properties.find(({ property }) => property === 'active')?.words).toEqual({
      true: ['1', 'true'],
      false: ['0', '0.0'],
    })
  })
})

describe('thresholds', () => {
  const limits = (source: string, mapping: string) => {
    const text = base
      .replace('folder: data', `folder: data\n    ${source}`)
      .replace('key: number', `key: number\n        ${mapping}`)
    const hr = parse(text).configuration?.sources.get('hr')
    return {
      source: hr?.thresholds,
      mapping: hr?.entities[1]?.thresholds,
      links: hr?.associations[0]?.thresholds,
    }
  }
  const ten = { percent: 10, atLeast: 10 }

  test('are on when nothing is said, and those over several runs', () => {
    expect(limits('', '')).toEqual({
      source: { window: { days: 7, deleted: { percent: 25, atLeast: 10 } } },
      mapping: { updated: { percent: 30, atLeast: 10 }, deleted: ten, rejected: ten },
      links: { deleted: ten, rejected: ten },
    })
  })

  test('take the place of the defaults kind by kind, and are never softened', () => {
    expect(
      limits('', 'thresholds: {deleted: 2.5%, updated: off, inserted: 100, rejected: {count: 1, percent: 5}}')
        .mapping,
    ).toEqual({
      inserted: { count: 100 },
      deleted: { percent: 2.5 },
      rejected: { count: 1, percent: 5 },
    })
  })

  test('are off for a mapping, or for all mappings of a source', () => {
    expect(limits('', 'thresholds: off')).toMatchObject({ mapping: {}, links: { deleted: ten } })
    expect(limits('thresholds: off', 'thresholds: {deleted: 5}')).toEqual({
      source: {},
      mapping: { deleted: { count: 5 } },
      links: {},
    })
  })
})

describe('repository', () => {
  const repository = (text: string, environment = {}) =>
    parse(`${text}\n${base}`, { environment, resolvePath: (file, path) => `${file}!${path}` }).configuration
      ?.repository

  test('is a folder beside the file when nothing is said', () => {
    expect(repository('')).toEqual({ kind: 'folder', path: 'sluice.yaml!./repository' })
  })

  test('takes a password with any character from the environment', () => {
    const text = 'repository: {url: "postgresql://me:$' + '{PW}@db/x", schema: hr}'
    expect(repository(text, { PW: 'a@b:/#%' })).toEqual({
      kind: 'postgres',
      url: 'postgresql://me:a%40b%3A%2F%23%25@db/x',
      schema: 'hr',
    })
  })

  test('takes a whole URL from the environment as it is', () => {
    const url = 'postgres://me:s%40cret@db/x'
    expect(repository('repository: $' + '{DATABASE_URL}', { DATABASE_URL: url })).toEqual({
      kind: 'postgres',
      url,
      schema: 'sluice',
    })
  })
})

describe('a column of references', () => {
  const born = 'born: {column: born, format: dd.MM.yyyy}'
  const byBirth = base
    .replace('department: {type: reference, to: Department}', 'chief: {type: reference, to: Person}')
    .replace('department: department', 'chief: {column: chief, by: born}')
    .replace('from: person', 'from: {column: person, by: born}')

  const formats = (text: string) => {
    const hr = parse(text).configuration?.sources.get('hr')
    const chief = hr?.entities[1]?.properties.find(({ property }) => property === 'chief')
    return [chief?.format, hr?.associations[0]?.from.format]
  }

  test('has the format in which its source writes the property it is looked up by', () => {
    expect(formats(byBirth)).toEqual([undefined, undefined])
    expect(formats(byBirth.replace('born: born', born))).toEqual(['dd.MM.yyyy', 'dd.MM.yyyy'])
  })

  test('has a format of its own where it says one', () => {
    const own = byBirth
      .replace('born: born', born)
      .replace('{column: chief, by: born}', '{column: chief, by: born, format: yyyy/MM/dd}')
      .replace('{column: person, by: born}', '{column: person, by: born, format: d/M/yyyy}')
    expect(formats(own)).toEqual(['yyyy/MM/dd', 'd/M/yyyy'])
  })
})
