/**
 * What is wrong with modules, each with the text that the diagnostic points at.
 */
import { describe, expect, test } from 'vitest'
import { compiledDiagnostics, diagnosticsOf, errorsOf, moduleText } from '../../test/module-text.ts'
import { kindModelOf, loadKindModel } from '../case/load-kind-model.ts'
import type { ClassModel } from '../class-model.ts'
import { compile } from '../compile.ts'
import { overrideDifferences } from '../override-differences.ts'

const host = (where: string) => `mapping on Host where ${where} as host end mapping;`
const nested = `mapping on Host as host
  traverse Host:A:B:C as outer
    o -> X;
    traverse D:E:F:G as inner
      i -> X;
    end traverse;
    group g
      expand group as member
        m -> X;
      end expand;
    end group;
  end traverse;
end mapping;`

describe('a module', () => {
  test.each([
    ['', 'NO_HEADER'],
    ['syncmapping X 1.0\n', 'NO_HEADER syncmapping'],
    ['tpl module X;\n', 'SYNTAX module'],
    ['tpl 1.15 module X;\nsyncmapping M 1.0\n  overview', 'SYNTAX overview'],
    [moduleText({ overview: '' }), 'NO_TAGS overview'],
    [moduleText({ overview: 'tags A; datamodel 3, 9;' }), 'DATAMODEL_UNKNOWN 9'],
    [moduleText({ overview: 'tags A; tags B;' }), 'REPEATED_ENTRY tags B;'],
    [moduleText({ overview: 'tags A; overrides N;' }), 'OVERRIDES_NOT_IMPORTED N'],
    [moduleText({ mapping: 'mapping from N.host as host end mapping;' }), 'SOURCE_NOT_IMPORTED N'],
    [
      moduleText({
        mapping:
          'mapping on Host as host traverse A:B as x end traverse; traverse A:C as host end traverse; end mapping;',
      }),
      'NAME_REPEATED host',
    ],
    [moduleText({ mapping: 'mapping on Host as host group g end group; end mapping;' }), 'GROUP_NESTING g'],
    [moduleText({ constants: 'a := "x"; b := a + "y"; c := host.key;' }), 'CONSTANT_NOT_CONSTANT host'],
  ])('%#: says what is wrong, and where', (text, first) => {
    expect(errorsOf(text)[0]).toBe(first)
  })
})

describe('a block that is ended in the wrong place', () => {
  test.each([
    [
      'if host.a then x := 1; for t in host.tags do y := 1; end if; z := hots.name;',
      '"end if" stands here, while "for" before it is not ended. Write "end for;" where it ends.',
    ],
    [
      'if host.a then x := 1; z := hots.name;',
      '"end body" stands here, while "if" before it is not ended. Write "end if;" where it ends.',
    ],
    ['x := 1; z := hots.name; end if;', 'There is no open "if" for "end if". Leave it out.'],
  ])('%s: is told once, and what follows from it is not', (body, told) => {
    const found = compiledDiagnostics(moduleText({ body }))
    const syntax = found.filter(({ code }) => code === 'SYNTAX' || code === 'EMPTY_STATEMENT')
    expect(syntax.map(({ message, remedy }) => `${message} ${remedy}`)).toEqual([told])
    expect(found.map(({ shown }) => shown)).toContain('NAME_UNKNOWN hots')
  })
})

describe('a where clause', () => {
  test.each([
    ['not name = "a"', 'WHERE_UNSUPPORTED not'],
    ['name <> "a"', 'WHERE_UNSUPPORTED <>'],
    ['name = "b" or size > 3', 'WHERE_UNSUPPORTED >'],
    ['name has subword "a"', 'WHERE_UNSUPPORTED has subword'],
    ['name in ["a"]', 'WHERE_UNSUPPORTED in'],
    ['name is defined', 'WHERE_UNSUPPORTED is defined'],
    ['name', 'WHERE_UNSUPPORTED name'],
    ['#Host:A:B:C.name = "x"', 'WHERE_UNSUPPORTED #Host:A:B:C'],
    ['name in search(Host show name)', 'SEARCH_FORBIDDEN search'],
    ['search(in Host where name = "x; y")', 'SEARCH_FORBIDDEN search'],
    ['name = other', 'NAME_UNKNOWN other'],
    ['name matches regex "("', 'REGEX_INVALID regex "("'],
  ])('%s is refused at %s', (where, first) => {
    expect(errorsOf(moduleText({ mapping: host(where) }))[0]).toBe(first)
  })

  test('has comparisons with literals and constants, "and", "or" and parentheses', () => {
    const where = host('(name = "a" and version exists) or type matches regex "^x" and os = base + "y"')
    expect(errorsOf(moduleText({ constants: 'base := "x";', mapping: where }))).toEqual([])
  })
})

describe('a body', () => {
  test.each([
    ['x := host.key y := 1;', 'SYNTAX y'],
    ['x := "abc;', 'LEX_UNTERMINATED_STRING "abc;'],
    ['x := search(Host where a = 1);', 'SEARCH_FORBIDDEN search'],
    ['for each sj do end for;', 'FOR_EACH_UNDECLARED sj'],
    ['for each host do end for;', 'FOR_EACH_UNDECLARED host'],
    ['zz := sync.X(key := 1);', 'TARGET_UNDECLARED zz'],
    ['ss := sync.X(key := 1);', 'TARGET_UNDECLARED ss'],
    ['sync.X(key := 1);', 'SYNC_NOT_ASSIGNED sync'],
    ['cs := host.cs or sync.BMC_ComputerSystem(key := 1);', 'SYNC_NOT_ASSIGNED sync'],
    ['cs := sync.BMC_SoftwareServer(key := 1);', 'CLASS_MISMATCH sync'],
    ['cs := sync.BMC_ComputerSystem(Name := 1);', 'KEY_MISSING sync'],
    ['cs := sync.BMC_ComputerSystem(key := 1, namespace := host.name);', 'NAMESPACE_NOT_LITERAL namespace'],
    [
      'cs := sync.BMC_ComputerSystem(key := 1, namespace := "%host.name%");',
      'NAMESPACE_NOT_LITERAL namespace',
    ],
    ['cs := sync.crossref.BMC_ComputerSystem(key := 1, Name := 1);', 'ATTRIBUTE_NOT_ALLOWED Name'],
    ['cs := sync.BMC_ComputerSystem("x", key := 1);', 'PARAMETER_UNNAMED "x"'],
    ['sync.rel.R(Destination := host, Source := host);', 'REL_SOURCE_DESTINATION sync'],
    ['sync.rel.R(Source := cs, Destination := cs, Impacted := host);', 'IMPACTED_NOT_ENDPOINT Impacted'],
    ['discovery.runCommand(host, "x");', 'FUNCTION_FORBIDDEN discovery'],
    ['x := inference.primary(host);', 'FUNCTION_FORBIDDEN inference'],
    ['x := model.rel.Detail(a := 1);', 'FUNCTION_FORBIDDEN model'],
    ['x := text.lowr("x");', 'FUNCTION_UNKNOWN text'],
    ['x := text.lower("x", "y");', 'FUNCTION_ARGUMENTS text'],
    ['x := list.sorted([], backwards := true);', 'FUNCTION_ARGUMENTS backwards'],
    ['host := 1;', 'ASSIGN_TO_SOURCE host'],
    ['host.name := 1;', 'ASSIGN_TO_SOURCE host'],
    ['for t in host.tags do t := 1; end for;', 'ASSIGN_TO_LOOP_VARIABLE t'],
    ['break;', 'JUMP_OUTSIDE_LOOP break;'],
    ['x := hots.name;', 'NAME_UNKNOWN hots'],
    ['x := "%hots.name%";', 'NAME_UNKNOWN hots'],
    ['x := si.key;', 'NAME_OUT_OF_LOOP si'],
    ['x := regex "(";', 'REGEX_INVALID regex "("'],
    ['x := regex.extract(host.name, "[");', 'REGEX_INVALID "["'],
    ['x := regex "a(?!b)";', 'REGEX_UNSUPPORTED regex "a(?!b)"'],
    ['x := xpath.evaluate(host.xml, "//a[");', 'XPATH_INVALID "//a["'],
    ['x, y := 1;', 'ASSIGN_COUNT x, y := 1;'],
    ['x := 1.2.3;', 'NUMBER_INVALID 1.2.3'],
    ['host.key;', 'SYNTAX ;'],
    ['text.lower("a") := 1;', 'SYNTAX :='],
    ['if host.a then x := 1; else if host.b then x := 2; end if;', 'SYNTAX body'],
    ['while true do end while;', 'SYNTAX true'],
  ])('%s is refused at %s', (body, first) => {
    expect(errorsOf(moduleText({ body }))[0]).toBe(first)
  })

  test.each([
    ['for each inner do end for;', 'FOR_EACH_NESTING inner'],
    ['for each outer do for each outer do end for; end for;', 'FOR_EACH_NESTING outer'],
    ['for each outer do for each member do end for; end for;', 'FOR_EACH_NESTING member'],
    ['for each outer do group h with 1 do end group; end for;', 'GROUP_UNDECLARED h'],
    ['group g with 1 do end group;', 'GROUP_NESTING g'],
    ['for each outer do i := sync.X(key := 1); end for;', 'TARGET_UNDECLARED i'],
  ])('nests as the mapping block does: %s is refused at %s', (body, first) => {
    expect(errorsOf(moduleText({ mapping: nested, body }))[0]).toBe(first)
  })

  test('may nest its loops inside of conditions and data models', () => {
    const body = `for each outer do if outer.x then datamodel 1, 2 do for each inner do i := sync.X(key := inner.key); end for; end datamodel; end if;
      group g with outer.x do for each member do m := sync.X(key := member.key); end for; end group; end for;`
    expect(errorsOf(moduleText({ mapping: nested, body }))).toEqual([])
  })

  test('calls no function that its module imports or defines', () => {
    const before =
      'from T.H import helpers 1.0; definitions own 1.0 "x" define f() -> a "x" return 1; end define; end definitions;'
    expect(errorsOf(moduleText({ before, body: 'x := helpers.f(1); y := own.f();' }))).toEqual([
      'USER_FUNCTION helpers',
      'USER_FUNCTION own',
    ])
  })

  test('is warned of what it never reads, loops over or assigns, and of empty statements', () => {
    expect(diagnosticsOf(moduleText({ body: 'x := 1;;' }))).toEqual([
      'TARGET_UNUSED BMC_ComputerSystem',
      'FOR_EACH_MISSING si',
      'TARGET_UNUSED BMC_SoftwareServer',
      'VARIABLE_UNUSED x',
      'EMPTY_STATEMENT ;',
    ])
  })
})

describe('several mistakes', () => {
  test('are all reported, in the order of the text', () => {
    const body = `x := host.key
    for each sj do end for;
    y := ;
    cs := sync.BMC_ComputerSystem(Name := "a);
    zz := sync.X(key := 1);`
    expect(errorsOf(moduleText({ body }))).toEqual([
      'SYNTAX for',
      'FOR_EACH_UNDECLARED sj',
      'SYNTAX ;',
      'LEX_UNTERMINATED_STRING "a);',
      'TARGET_UNDECLARED zz',
    ])
  })

  test('in several syncmappings of a file do not hide one another', () => {
    const [first, second] = [moduleText({ body: 'x := ;' }), moduleText({ name: 'N', body: 'y := hots;' })]
    expect(errorsOf(first + second.slice(second.indexOf('syncmapping')))).toEqual([
      'SYNTAX ;',
      'NAME_UNKNOWN hots',
    ])
  })
})

describe('modules together', () => {
  const base = moduleText({
    module: 'T.Base',
    name: 'Base',
    constants: 'limit := 3;',
    body: 'cs := sync.BMC_ComputerSystem(key := host.key, Name := host.name); for each si do ss := sync.BMC_SoftwareServer(key := si.key); end for;',
  }).replace('Base 1.0', 'Base 2.4')
  const extending = (version: string, variable: string, body = '') =>
    moduleText({
      module: 'T.Ext',
      name: 'Ext',
      before: `from T.Base import Base ${version} as B;`,
      mapping: `mapping from B.${variable} as one end mapping;`,
      body,
    })

  test('serve who asks for the same major version and no later a minor one', () => {
    expect(errorsOf([base, extending('2.0', 'host')])).toEqual([])
    expect(errorsOf([base, extending('2.5', 'host')])).toEqual(['IMPORT_VERSION 2.5'])
    expect(errorsOf([base, extending('1.0', 'host')])).toEqual(['IMPORT_VERSION 1.0'])
  })

  test('are extended at source variables that they have', () => {
    expect(errorsOf([base, extending('2.0', 'si')])).toEqual([])
    expect(errorsOf([base, extending('2.0', 'cs')])).toEqual(['SOURCE_UNKNOWN cs'])
  })

  test('show their targets, variables and constants', () => {
    const body = 'x := B.cs; y := B.limit + 1; z := B.hots; log.info("%x% %y% %z%");'
    expect(errorsOf([base, extending('2.0', 'host', body)])).toEqual(['NAME_UNKNOWN hots'])
  })

  test('that are not there are no error', () => {
    expect(diagnosticsOf(extending('2.0', 'host'))).toEqual(['IMPORT_MISSING T.Base'])
  })

  test('are warned where two of them write one attribute', () => {
    const body = 'c := B.cs; c.Name := "x"; c.Other := "y";'
    expect(diagnosticsOf([base, extending('2.0', 'host', body)])).toEqual(['ATTRIBUTE_WRITTEN_TWICE Name'])
  })

  test('that extend one another in a circle are refused', () => {
    const one = moduleText({
      module: 'T.A',
      name: 'A',
      before: 'from T.B import B 1.0;',
      mapping: 'mapping from B.b as a end mapping;',
    })
    const other = moduleText({
      module: 'T.B',
      name: 'B',
      before: 'from T.A import A 1.0;',
      mapping: 'mapping from A.a as b end mapping;',
    })
    expect(errorsOf([one, other])).toEqual(['SOURCE_CYCLE A', 'SOURCE_CYCLE B'])
  })
})

describe('without a class model', () => {
  test('a target may be of a class that extends the declared one in the CDM', () => {
    const mapping = 'mapping on Host as host a -> BMC_ApplicationSystem; b -> BMC_System; end mapping;'
    const body = 'a := sync.BMC_SoftwareServer(key := 1); b := sync.BMC_Mainframe(key := 1);'
    expect(errorsOf(moduleText({ mapping, body }))).toEqual([])
    const wrong = 'a := sync.BMC_ComputerSystem(key := 1); b := sync.Own(key := 1);'
    expect(errorsOf(moduleText({ mapping, body: wrong }))).toEqual([
      'CLASS_MISMATCH sync',
      'CLASS_MISMATCH sync',
    ])
  })
})

describe('a class model', () => {
  const classes: ClassModel = {
    isOpen: false,
    relationships: undefined,
    classes: new Map([
      ['BMC_BaseElement', { super: undefined, attributes: new Set(['Name', 'ShortDescription']) }],
      ['BMC_ComputerSystem', { super: 'BMC_BaseElement', attributes: new Set(['HostName']) }],
      ['BMC_Mainframe', { super: 'BMC_ComputerSystem', attributes: new Set(['MFIntegrationID']) }],
      ['BMC_SoftwareServer', { super: 'BMC_BaseElement', attributes: new Set<string>() }],
    ]),
  }
  const mapping = 'mapping on Host as host cs -> BMC_ComputerSystem; end mapping;'

  test('warns of attributes that the class lacks, inherited ones counted', () => {
    const body =
      'cs := sync.BMC_Mainframe(key := 1, name := "x", Name := "y", MFIntegrationID := 1); cs.Hostname := 1;'
    expect(diagnosticsOf(moduleText({ mapping, body }), classes)).toEqual([
      'ATTRIBUTE_UNKNOWN name',
      'ATTRIBUTE_UNKNOWN Hostname',
    ])
  })

  test('lets a target be of a class that extends the declared one', () => {
    expect(errorsOf(moduleText({ mapping, body: 'cs := sync.BMC_BaseElement(key := 1);' }), classes)).toEqual(
      ['CLASS_MISMATCH sync'],
    )
  })
})

describe('an extended where clause', () => {
  const extended = { hasExtendedWhere: true }
  test.each([
    'not os = "x"',
    'os <> "x" and version >= 2 or (size < 1 and size > 0) and size <= 3',
    'os has subword "linux" and os has substring "nux"',
    'os in ["a", "b"] and os not in ["c"]',
    'os is defined and not virtual',
    'virtual',
    '#Host:HostedSoftware:RunningSoftware:SoftwareInstance.type = "Apache"',
    'not #Host:HostedSoftware:RunningSoftware:SoftwareInstance',
  ])('may be: %s', (where) => {
    const text = moduleText({ mapping: host(where) })
    expect(errorsOf(text)[0]).toMatch(/^WHERE_UNSUPPORTED/)
    expect(compile([{ file: 'm', text }], undefined, extended).diagnostics.filter(isError)).toEqual([])
  })

  test.each([
    ['search(Host) = 1', 'SEARCH_FORBIDDEN'],
    ['os = name', 'NAME_UNKNOWN'],
    ['os + "x"', 'WHERE_UNSUPPORTED'],
    ['text.lower(os) = "x"', 'SYNTAX'],
    ['os matches "("', 'REGEX_INVALID'],
  ])('may not be: %s', (where, code) => {
    const text = moduleText({ mapping: host(where) })
    expect(compile([{ file: 'm', text }], undefined, extended).diagnostics.filter(isError)).toMatchObject([
      { code },
    ])
  })
})

const isError = ({ severity }: { readonly severity: string }) => severity === 'error'

describe('with the kinds of the source graph', () => {
  const kinds = loadKindModel({
    kinds: {
      Host: { attrs: ['key', 'name', 'os'] },
      SoftwareInstance: { attrs: ['key', 'type'] },
      Cluster: {},
    },
    rels: [
      {
        kind: 'HostedSoftware',
        from: 'Host',
        fromRole: 'Host',
        to: 'SoftwareInstance',
        toRole: 'RunningSoftware',
      },
      { kind: 'Collection', from: 'Host', fromRole: 'Member', to: 'Cluster', toRole: 'Collection' },
    ],
  })
  const warned = (text: string) =>
    compile([{ file: 'm', text }], undefined, { kinds }).diagnostics.flatMap(({ code, at, remedy }) => {
      const isOfSource = ['KIND_UNKNOWN', 'NODE_ATTRIBUTE_UNKNOWN', 'TRAVERSAL_UNKNOWN'].includes(code)
      return isOfSource
        ? [`${code} ${text.slice(at.offset, at.offset + at.length)} ${remedy ?? ''}`.trim()]
        : []
    })
  const traverse = (spec: string) =>
    moduleText({ mapping: `mapping on Host as host traverse ${spec} as x end traverse; end mapping;` })

  test.each([
    [moduleText({ body: 'x := host.nam;' }), 'NODE_ATTRIBUTE_UNKNOWN nam Did you mean "name"?'],
    [moduleText({ body: 'x := "%host.oss%";' }), 'NODE_ATTRIBUTE_UNKNOWN oss Did you mean "os"?'],
    [moduleText({ mapping: host('oss = "x"') }), 'NODE_ATTRIBUTE_UNKNOWN oss Did you mean "os"?'],
    [
      moduleText({ mapping: 'mapping on Hosts as host end mapping;' }),
      'KIND_UNKNOWN Hosts Did you mean "Host"?',
    ],
    [
      traverse('Host:HostedSoftware:RunningSoftware:SoftwareInstanc'),
      'KIND_UNKNOWN SoftwareInstanc Did you mean "SoftwareInstance"?',
    ],
    [traverse('Hosts:HostedSoftware::SoftwareInstance'), 'TRAVERSAL_UNKNOWN Hosts Did you mean "Host"?'],
    [traverse('Host:HostedSotware'), 'TRAVERSAL_UNKNOWN HostedSotware Did you mean "HostedSoftware"?'],
    [traverse('Host:HostedSoftware:Host'), 'TRAVERSAL_UNKNOWN Host Known: RunningSoftware.'],
    [
      traverse('Member:Collection:Collection:SoftwareInstance'),
      'TRAVERSAL_UNKNOWN SoftwareInstance Known: Cluster.',
    ],
    [
      moduleText({ body: 'x := host.#Member:Colection:Collection:Cluster.name;' }),
      'TRAVERSAL_UNKNOWN Colection Did you mean "Collection"?',
    ],
  ])('what it does not have is warned of: %#', (text, warning) => {
    expect(warned(text)).toEqual([warning])
  })

  test('nothing is said of what is not known', () => {
    expect(warned(traverse('Member:Collection:Collection:Cluster'))).toEqual([])
    const cluster = 'mapping on Cluster as host traverse ::Member as x y -> X; end traverse; end mapping;'
    expect(
      warned(moduleText({ mapping: cluster, body: 'for each x do z := "%host.any% %x.os%"; end for;' })),
    ).toEqual([])
  })

  test('a graph says what its own are', () => {
    const model = kindModelOf({
      nodes: [
        { id: 'h', kind: 'Host', attrs: { key: 'H' } },
        { id: 's', kind: 'SoftwareInstance', attrs: { type: 'x' } },
      ],
      rels: [
        {
          kind: 'HostedSoftware',
          from: 'h',
          fromRole: 'Host',
          to: 's',
          toRole: 'RunningSoftware',
          attrs: {},
        },
      ],
    })
    const text = moduleText({ body: 'x := host.name; for each si do y := si.type; end for;' })
    const found = compile([{ file: 'm', text }], undefined, { kinds: model }).diagnostics
    expect(found.filter(({ code }) => code === 'NODE_ATTRIBUTE_UNKNOWN')).toMatchObject([
      { at: { line: 14, column: 15 } },
    ])
    expect(found.filter(({ code }) => code === 'TRAVERSAL_UNKNOWN')).toEqual([])
  })
})

describe('overridden mappings', () => {
  const own = moduleText({
    module: 'T.Own',
    name: 'Own',
    before: 'from T.M import M 1.0;',
    overview: 'tags A; overrides M;',
    body: 'stop;',
  })

  test('are named with what takes their place', () => {
    const { diagnostics } = compile([
      { file: 'm.tpl', text: moduleText() },
      { file: 'own.tpl', text: own },
    ])
    expect(diagnostics.filter(({ severity }) => severity === 'info')).toEqual([
      {
        code: 'MAPPING_OVERRIDDEN',
        severity: 'info',
        message: 'M is overridden by Own of T.Own (own.tpl:3).',
        remedy: undefined,
        file: 'm.tpl',
        at: expect.objectContaining({ line: 3, column: 13, length: 1 }),
        related: { file: 'own.tpl', at: expect.objectContaining({ line: 3, column: 13, length: 3 }) },
      },
    ])
  })

  test('are compared with what takes their place', () => {
    const { program } = compile([
      { file: 'm.tpl', text: moduleText() },
      { file: 'own.tpl', text: own },
    ])
    const [difference, ...others] = overrideDifferences(program)
    expect(others).toEqual([])
    expect(difference).toMatchObject({
      overridden: { module: 'T.M', mapping: 'M', version: '1.0', file: 'm.tpl', line: 3 },
      overriding: { module: 'T.Own', mapping: 'Own', version: '1.0', file: 'own.tpl', line: 3 },
    })
    expect(difference?.text).toContain('-syncmapping M 1.0\n+syncmapping Own 1.0\n')
    expect(difference?.text).toContain('-    \n+    stop;\n')
    expect(difference?.hunks[0]).toMatchObject({ oldStart: 3, newStart: 3 })
  })
})
