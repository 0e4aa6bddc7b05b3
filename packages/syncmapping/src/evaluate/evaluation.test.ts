/**
 * What bodies do, one root at a time.
 */
import { SluiceError } from '@sluice/model'
import { describe, expect, test } from 'vitest'
import { evaluateHost, moduleText, resultOf } from '../../test/module-text.ts'
import type { ClassModel } from '../class-model.ts'
import { commonClassModel } from '../common-classes.ts'
import { compile } from '../compile.ts'
import { GraphNode } from '../value/value.ts'
import { evaluateRoot } from './evaluate-root.ts'

const cs = 'cs := sync.BMC_ComputerSystem(key := host.key);'
const loop = 'for each si do ss := sync.BMC_SoftwareServer(key := si.key); end for;'
const extension = (name: string, from: string, body: string, before = '') =>
  moduleText({
    module: `T.${name}`,
    name,
    before: `from T.M import M 1.0; ${before}`,
    mapping: `mapping from ${from} as node end mapping;`,
    body,
  })
const logOf = (texts: string | readonly string[], around: Parameters<typeof evaluateHost>[1] = {}) => {
  const { written } = evaluateHost(texts, around)
  return 'error' in written ? written.error.code : (written.log ?? []).map(([, text]) => text)
}
const three = [{ type: 'a' }, { type: 'b' }, { type: 'a' }]

describe('extensions', () => {
  test('of the source run when its body has ended, each followed by its own, in the order of loading', () => {
    const texts = [
      moduleText({ body: `${cs} log.info("base");` }),
      extension('One', 'M.host', 'log.info("one");'),
      extension('Two', 'M.host', 'log.info("two");'),
      extension('OfOne', 'One.node', 'log.info("of one");', 'from T.One import One 1.0;'),
    ]
    expect(logOf(texts)).toEqual(['base', 'one', 'of one', 'two'])
  })

  test('of a traversal run after each of its iterations, also after one that is left early', () => {
    const texts = [
      moduleText({
        body: `for each si do log.info("base %si.key%"); if si.type = "a" then continue; end if; break; end for;`,
      }),
      extension('Ext', 'M.si', 'log.info("ext %node.key%");'),
    ]
    expect(logOf(texts, { software: three })).toEqual(['base S0', 'ext S0', 'base S1', 'ext S1'])
  })

  test('see what the mapping that they extend has specified in this iteration', () => {
    const texts = [
      moduleText({
        body: 'for each si do if si.type = "a" then ss := sync.BMC_SoftwareServer(key := si.key); end if; end for;',
      }),
      extension(
        'Ext',
        'M.si',
        'if M.ss then M.ss.Name := "of %M.host.key%"; else log.info("none for %node.key%"); end if;',
      ),
    ]
    const { written } = evaluateHost(texts, { software: three })
    expect(written).toEqual({
      cis: [
        { class: 'BMC_SoftwareServer', key: 'S0', attrs: { Name: 'of H' } },
        { class: 'BMC_SoftwareServer', key: 'S2', attrs: { Name: 'of H' } },
      ],
      rels: [],
      log: [['info', 'none for S1']],
    })
  })

  test('run only for nodes that pass their where clause, and in data models that they are for', () => {
    const filtered = extension('Ext', 'M.si where type = "b"', 'log.info(node.key);')
    const other = extension('Old', 'M.si', 'log.info("old");').replace(
      'tags CMDB;',
      'tags CMDB; datamodel 2, 3;',
    )
    expect(logOf([moduleText({ body: loop }), filtered, other], { software: three })).toEqual(['S1'])
  })

  test('give none for a mapping on whose behalf they do not run, but its constants', () => {
    const other = moduleText({
      module: 'T.O',
      name: 'O',
      constants: 'limit := 3;',
      mapping: 'mapping on Other as o t -> X; end mapping;',
      body: 't := sync.X(key := o.key);',
    })
    const ext = extension('Ext', 'M.host', 'log.info("%O.t% %O.limit%");', 'from T.O import O 1.0;')
    expect(logOf([moduleText({ body: cs }), other, ext])).toEqual(['None 3'])
  })
})

describe('a loop over a traversal', () => {
  test('leaves targets of the iteration before unset, and its names unknown after it', () => {
    const body = 'for each si do log.info("%ss%"); ss := sync.BMC_SoftwareServer(key := si.key); end for;'
    expect(logOf(moduleText({ body }), { software: three })).toEqual(['None', 'None', 'None'])
  })

  test('ends with its body at stop', () => {
    const body = 'for each si do log.info(si.key); stop; end for; log.info("not reached");'
    expect(logOf(moduleText({ body }), { software: three })).toEqual(['S0'])
  })

  test('names its relationship', () => {
    const mapping =
      'mapping on Host as host traverse Host:HostedSoftware as rel, si end traverse; end mapping;'
    expect(
      logOf(
        moduleText({ mapping, body: 'for each rel, si do log.info("%rel.position% %si.key%"); end for;' }),
        { software: three },
      ),
    ).toEqual(['0 S0', '1 S1', '2 S2'])
  })

  test('passes over destroyed nodes', () => {
    expect(
      logOf(moduleText({ body: 'for each si do log.info(si.key); end for;' }), {
        software: [{}, { _destroyed: true }, {}],
      }),
    ).toEqual(['S0', 'S2'])
  })
})

describe('a group', () => {
  const mapping = `mapping on Host as host
    traverse Host:HostedSoftware as si
      group g
        app -> X;
        expand group as member
          ss -> Y;
        end expand;
      end group;
    end traverse;
  end mapping;`
  const body = `for each si do
      if si.type = "skip" then continue; end if;
      n := "local %si.key%";
      group g with si.type do
        app := sync.X(key := si.type, Name := n);
        for each member do
          ss := sync.Y(key := member.key);
          sync.rel.R(Source := app, Destination := ss);
        end for;
      end group;
      log.info("after %si.key%");
    end for;`

  test('is made after all iterations, once for each identifier, as its first member left things', () => {
    const { written } = evaluateHost(moduleText({ mapping, body }), {
      software: [...three, { type: 'skip' }],
    })
    expect(written).toEqual({
      cis: [
        { class: 'X', key: 'a', attrs: { Name: 'local S0' } },
        { class: 'Y', key: 'S0' },
        { class: 'Y', key: 'S2' },
        { class: 'X', key: 'b', attrs: { Name: 'local S1' } },
        { class: 'Y', key: 'S1' },
      ],
      rels: [
        { class: 'R', source: 'a', destination: 'S0' },
        { class: 'R', source: 'a', destination: 'S2' },
        { class: 'R', source: 'b', destination: 'S1' },
      ],
      log: [
        ['info', 'after S0'],
        ['info', 'after S1'],
        ['info', 'after S2'],
      ],
    })
  })

  test('shows its CI to extensions of the expansion, and none to those of the traversal', () => {
    const texts = [
      moduleText({ mapping, body }),
      extension('Ext', 'M.si', 'log.info("first %M.app%");'),
      extension('Ext2', 'M.member', 'log.info("second %M.app.key% %node.key%");'),
    ]
    expect(logOf(texts, { software: [{ type: 'a' }] })).toEqual(['after S0', 'first None', 'second a S0'])
  })

  test('of an extension gathers what the loop of the extended mapping goes through', () => {
    const grouping = moduleText({
      module: 'T.G',
      name: 'G',
      before: 'from T.M import M 1.0;',
      mapping:
        'mapping from M.si as si group g app -> X; expand group as member end expand; end group; end mapping;',
      body: 'group g with si.type do app := sync.X(key := si.type); for each member do log.info("%app.key% %member.key%"); end for; end group;',
    })
    expect(logOf([moduleText({ body: loop }), grouping], { software: three })).toEqual([
      'a S0',
      'a S2',
      'b S1',
    ])
  })
})

describe('a group of a mapping that extends a root', () => {
  test('is made when the extension has ended', () => {
    const grouping = moduleText({
      module: 'T.G',
      name: 'G',
      before: 'from T.M import M 1.0;',
      mapping: 'mapping from M.host as host group g app -> X; end group; end mapping;',
      body: 'group g with 1 do app := sync.X(key := host.key); end group;',
    })
    expect(evaluateHost([moduleText(), grouping]).written).toEqual({
      cis: [{ class: 'X', key: 'H' }],
      rels: [],
    })
  })
})

describe('configuration items', () => {
  const mapping = 'mapping on Host as host a -> X; b -> X; c -> X; end mapping;'
  const written = (body: string, around: Parameters<typeof evaluateHost>[1] = {}) =>
    evaluateHost(moduleText({ mapping, body }), around).written

  test('of one class and key are one, and later attributes win', () => {
    expect(
      written('a := sync.X(key := 1, P := 1, Q := 2); b := sync.X(key := "1", Q := 3, R := void); a.R := 4;'),
    ).toEqual({
      cis: [{ class: 'X', key: '1', attrs: { P: 1, Q: 3, R: 4 } }],
      rels: [],
    })
  })

  test('of other namespaces are others', () => {
    expect(written('a := sync.X(key := 1); b := sync.X(key := 1, namespace := "N");')).toEqual({
      cis: [
        { class: 'X', key: '1' },
        { class: 'X', key: '1', namespace: 'N' },
      ],
      rels: [],
    })
  })

  test('that are external count only where they are, with their relationships', () => {
    const body =
      'a := sync.X(key := 1); b := sync.external.X(key := 2); c := sync.external.X(key := 3); sync.rel.R(Source := a, Destination := b); sync.rel.R(Source := a, Destination := c);'
    expect(written(body, { external: ['3'] })).toEqual({
      cis: [
        { class: 'X', key: '1' },
        { class: 'X', key: '3', kind: 'external' },
      ],
      rels: [{ class: 'R', source: '1', destination: '3' }],
    })
  })

  test('that are referred to before they are specified are found in the end', () => {
    expect(
      written(
        'b := sync.crossref.X(key := 1); a := sync.shared.X(key := 1, P := 1); sync.rel.R(Source := b, Destination := a, Name := "n");',
      ),
    ).toEqual({
      cis: [{ class: 'X', key: '1', kind: 'shared', attrs: { P: 1 } }],
      rels: [{ class: 'R', source: '1', destination: '1', attrs: { Name: 'n' } }],
    })
  })

  test('fail their root where nothing specifies them, also where they are only external', () => {
    expect(
      written('a := sync.external.X(key := 1); b := sync.crossref.X(key := 1);', { external: ['1'] }),
    ).toMatchObject({ error: { code: 'CROSSREF_UNRESOLVED' } })
  })

  test.each([
    ['a := sync.X(key := none);', 'KEY_MISSING'],
    ['a := sync.external.X(key := 1); a.Name := "x";', 'NOT_ASSIGNABLE'],
    ['sync.rel.R(Source := a, Destination := b);', 'NOT_A_CI'],
    ['x := a.Name;', 'NO_ATTRIBUTES'],
    ['x := host.key + 1;', 'TYPE'],
    ['x := 1 / 0;', 'DIVISION_BY_ZERO'],
    ['x := [][0];', 'MISSING_ELEMENT'],
    ['for x in "text" do end for;', 'TYPE'],
    ['x := regex.extract("a", "(" + host.key);', 'REGEX'],
  ])('%s fails the root with %s', (body, code) => {
    expect(written(body)).toMatchObject({ error: { code } })
  })

  test('fail at the call, in the module that has it', () => {
    const { result } = evaluateHost([
      moduleText({ body: cs }),
      extension('Ext', 'M.host', 'x := M.cs.Name + 1;'),
    ])
    const place = result.type === 'failed' ? result.error.place : undefined
    expect(place).toEqual({ file: '1', line: 9, column: 20 })
  })
})

describe('relationships', () => {
  const body = (more: string) =>
    `cs := sync.BMC_ComputerSystem(key := 1); for each si do ss := sync.BMC_SoftwareServer(key := 2); sync.rel.R(Source := cs, Destination := ss, Name := "n"${more}); end for;`
  const rels = (more: string, dataModel: number) => {
    const { written } = evaluateHost(moduleText({ body: body(more) }), { software: [{}], dataModel })
    return 'rels' in written ? written.rels : written
  }
  const plain = { class: 'R', source: '1', destination: '2', attrs: { Name: 'n' } }

  test.each([0, 1, 4])('say nothing of impact in data model %i', (dataModel) => {
    expect(rels(', Impacted := ss, ImpactWeight := 5', dataModel)).toEqual([plain])
  })

  test.each([
    [2, 'IMPACT'],
    [3, 'IMPACT'],
    [5, 'ImpactOnly'],
  ])('have another beside them in data model %i, from who impacts to who is impacted', (dataModel, name) => {
    const impact = {
      class: 'BMC_Impact',
      source: '2',
      destination: '1',
      attrs: { Name: name, ImpactWeight: 5 },
    }
    expect(rels(', Impacted := cs, ImpactWeight := 5', dataModel)).toEqual([plain, impact])
    expect(rels('', dataModel)).toEqual([plain])
  })

  test('say it themselves in data model 6', () => {
    const attrs = { Name: 'n', HasImpact: 'Yes', ImpactDirection: 'Destination-Source' }
    expect(rels(', Impacted := cs', 6)).toEqual([{ ...plain, attrs }])
    expect(rels('', 6)).toEqual([{ ...plain, attrs: { Name: 'n', HasImpact: 'No' } }])
  })
})

describe('a destroyed root', () => {
  test('runs its root body alone, and gives the CI of its first target', () => {
    const texts = [moduleText({ body: cs }), extension('Ext', 'M.host', 'log.info("never");')]
    expect(evaluateHost(texts, { attrs: { _destroyed: true } }).written).toEqual({
      delete: [{ class: 'BMC_ComputerSystem', key: 'H' }],
      cis: [],
      rels: [],
    })
  })
})

describe('an override', () => {
  const overriding = moduleText({
    module: 'T.O',
    name: 'O',
    before: 'from T.M import M 1.0;',
    overview: 'tags A; overrides M;',
    body: 'cs := sync.BMC_ComputerSystem(key := "other");',
  })

  test('takes the place of the mapping, for those that extend it too', () => {
    const ext = extension('Ext', 'M.host', 'M.cs.Name := "x";')
    expect(evaluateHost([moduleText({ body: cs }), ext, overriding]).written).toEqual({
      cis: [{ class: 'BMC_ComputerSystem', key: 'other', attrs: { Name: 'x' } }],
      rels: [],
    })
  })
})

describe('a class model', () => {
  const classes: ClassModel = {
    isOpen: false,
    relationships: undefined,
    classes: new Map([
      ['BMC_ComputerSystem', { super: 'Base', attributes: new Set<string>() }],
      ['Base', { super: undefined, attributes: new Set(['Name']) }],
    ]),
  }
  const mapping = 'mapping on Host as host cs -> BMC_ComputerSystem; other -> Other; end mapping;'

  test('lets attributes pass that the class has or inherits', () => {
    const body = 'cs := sync.BMC_ComputerSystem(key := 1, Name := "n", Colour := "c");'
    expect(evaluateHost(moduleText({ mapping, body }), { classes }).written).toMatchObject({
      cis: [{ attrs: { Name: 'n' } }],
    })
  })

  test('fails a root that specifies a class which is not in it', () => {
    expect(
      evaluateHost(moduleText({ mapping, body: 'other := sync.Other(key := 1);' }), { classes }).written,
    ).toMatchObject({ error: { code: 'UNKNOWN_CLASS' } })
  })
})

describe('warnings', () => {
  test('name texts in which a missing value became a word, and attributes that a later mapping wrote over', () => {
    const texts = [
      moduleText({ body: 'cs := sync.BMC_ComputerSystem(key := host.key, Name := "%host.name%!");' }),
      extension('Ext', 'M.host', 'M.cs.Name := "x";'),
    ]
    const { result } = evaluateHost(texts)
    expect(
      result.type === 'specified'
        ? result.warnings.map(({ code, place }) => `${code} ${place.file}:${place.line}`)
        : result,
    ).toEqual(['NONE_IN_TEXT 0:14', 'ATTRIBUTE_OVERWRITTEN 1:9'])
  })
})

describe('a trace', () => {
  test('says each step', () => {
    const steps: string[] = []
    evaluateHost([moduleText({ body: cs }), extension('Ext', 'M.host', 'M.cs.Name := "x";')], {
      trace: (what) => steps.push(what),
    })
    expect(steps).toEqual([
      'M: cs := BMC_ComputerSystem "H"',
      'Ext: extends M for <Host h>',
      'Ext: BMC_ComputerSystem "H".Name := x',
    ])
  })
})

describe('a trace of loops', () => {
  test('says each node, each variable and each group', () => {
    const steps: string[] = []
    const mapping =
      'mapping on Host as host traverse Host:HostedSoftware as si group g end group; end traverse; end mapping;'
    const body = 'for each si do n := 1; group g with n do log.info("x"); end group; end for;'
    evaluateHost(moduleText({ mapping, body }), { software: [{}, {}], trace: (what) => steps.push(what) })
    const visited = ['s0', 's1'].flatMap((id) => [`M: for each si: <SoftwareInstance ${id}>`, 'M: n := 1'])
    expect(steps).toEqual([...visited, 'M: group g: <SoftwareInstance s0> <SoftwareInstance s1>'])
  })
})

describe('an expression', () => {
  test.each([
    ['7 / 2', 3],
    ['-7 / 2', -4],
    ['-7 % 3', 2],
    ['1.5 + 1', 2.5],
    ['0x10 * 2', 32],
    ['9007199254740993 + 0', '9007199254740993'],
    ['"a" + "b"', 'ab'],
    ['[1] + [2, 3]', [1, 2, 3]],
    ['1 + 2 * 3 - 4', 3],
    ['not 1 = 2', true],
    ['none or "" or "x" or "y"', 'x'],
    ['"x" and 0 and "y"', 0],
    ['"b" in "abc"', true],
    ['"hostname" in host', false],
    ['"key" in host', true],
    ['1 not in [1, 2]', false],
    ['none <> ""', true],
    ['none = none', true],
    ['"a" < "b"', true],
    ['"Apache Tomcat/9" has subword "tomcat apache"', true],
    ['"Apache Tomcat/9" has subword "\'tomcat apache\'"', false],
    ['"abc" has substring "BC"', true],
    ['"abc" matches "^B"', false],
    ['"abc" matches regex "(?i)^B"', false],
    ['"abc" matches regex "(?i)B"', true],
    ['"abc"[-1]', 'c'],
    ['host.nothing is defined', false],
    ['host.key exists', true],
    ['datatype(void) + datatype(none) + datatype(table()) + datatype(host)', 'voidnonetablenode'],
    ['"%host.key% 100%% \\"q\\" \\d % "', 'H 100% "q" \\d % '],
    ['raw "%host.key%\\n"', '%host.key%\\n'],
    ['"%[1]%"', '%[1]%'],
    ['table(a := 1)["a"]', 1],
  ])('%s is %j', (expression, value) => {
    expect(resultOf(expression)).toEqual(value)
  })
})

describe('a function', () => {
  test.each([
    ['text.split(" a  b ")', ['a', 'b']],
    ['text.split("a,,b", ",")', ['a', '', 'b']],
    ['text.join(["a", 1], "-")', 'a-1'],
    ['text.replace("a.b.c", ".", "")', 'abc'],
    ['text.strip("  a ") + "|" + text.leftStrip("xxa", "x") + "|" + text.rightStrip("a--", "-")', 'a|a|a'],
    ['text.toNumber("0x1f", 16) + text.toNumber("-12")', 19],
    ['text.toNumber("x")', 'TYPE'],
    ['text.hash("abc")', '900150983cd24fb0d6963f7d28e17f72'],
    ['text.ordinal("A")', 65],
    ['text.upper(text.lower("aB"))', 'AB'],
    ['regex.extract("Version 2.7", regex "(\\d+)\\.(\\d+)", raw "\\2-\\1")', '7-2'],
    ['regex.extract("abc", "\\d", no_match := "no")', 'no'],
    ['regex.extract("abc", "\\d")', ''],
    ['regex.extract(none, "\\d") = ""', true],
    ['regex.extract("key=val", regex "(?P<k>\\w+)=(?P<v>\\w+)", raw "\\g<v>")', 'val'],
    ['regex.extractAll("a1 b2", regex "[a-z](\\d)")', ['1', '2']],
    [
      'regex.extractAll("a1 b2", regex "([a-z])(\\d)")',
      [
        ['a', '1'],
        ['b', '2'],
      ],
    ],
    ['number.toText(255, 16, 4)', '00ff'],
    ['number.range(3)', [0, 1, 2]],
    ['list.sorted(["b", "a"], reverse := true)', ['b', 'a']],
    ['list.sorted([10, 9])', [9, 10]],
    ['size([1, 2]) + size("abc") + size(table(a := 1)) + size(none)', 6],
    ['json.encode(table(a := [1, true, none]))', '{"a":[1,true,null]}'],
    ['json.decode("{\\"a\\": [1, 9007199254740993]}")["a"][1] = 9007199254740993', true],
    ['binary.toHexString([0, 255])', '00ff'],
    ['binary.toIPv4([10, 0, 0, 1])', '10.0.0.1'],
    ['binary.toIPv6([32, 1, 13, 184, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])', '2001:db8::1'],
    ['binary.toMACAddress([0, 1, 2, 3, 4, 255])', '00:01:02:03:04:ff'],
    ['binary.toWWN([80, 1])', '50:01'],
    ['binary.toValue([1, 0])', 256],
    ['time.formatUTC(time.current(), "%d %b %Y %H:%M")', '29 Nov 2026 08:00'],
    ['time.formatUTC(time.parseUTC("2026-11-29 08:00:30") + time.delta(1, 2))', '2026-11-30 10:00:30'],
    ['time.toTicks(time.parseUTC("1582-10-15"))', 0],
    ['time.toTicks(time.fromTicks(139000000000000001)) = 139000000000000001', true],
    ['time.parseUTC("2026-11-29") < time.current()', true],
    ['time.fromTicks(0) + time.deltaFromTicks(10) = time.fromTicks(10)', true],
    ['expand(regex "OU=%ou%,\\d+%", "x")', 'OU=x,\\d+%'],
    ['expand("%%a%%-%%b%%", b := 2, a := 1)', '1-2'],
    ['system.getOption("x")', undefined],
    ['related.host(host) = host', true],
    ['model.kind(host)', 'Host'],
  ])('%s is %j', (expression, value) => {
    expect(resultOf(expression)).toEqual(value)
  })
})

describe('an extended where clause', () => {
  const kept = (where: string) => {
    const mapping = `mapping on Host as host traverse Host:HostedSoftware:RunningSoftware:SoftwareInstance where ${where} as si end traverse; end mapping;`
    const text = moduleText({ mapping, body: 'for each si do log.info(si.key); end for;' })
    const software = [
      { type: 'Apache', port: 80 },
      { type: 'Nginx' },
      { type: 'PostgreSQL', port: 5432, live: true },
    ]
    return logOf(text, { software, attrs: { os: 'Linux' }, rules: { hasExtendedWhere: true } })
  }

  test.each([
    ['not type = "Apache"', ['S1', 'S2']],
    ['type <> "Apache" and port > 80', ['S2']],
    ['type has subword "nginx" or type has substring "pac"', ['S0', 'S1']],
    ['type in ["Apache", "x"]', ['S0']],
    ['type not in ["Apache", "x"]', ['S1', 'S2']],
    ['port is defined', ['S0', 'S2']],
    ['not port exists', ['S1']],
    ['live', ['S2']],
    ['#RunningSoftware:HostedSoftware:Host:Host.os = "Linux"', ['S0', 'S1', 'S2']],
    ['#RunningSoftware:HostedSoftware:Host:Host.os = "AIX"', []],
    ['#RunningSoftware:HostedSoftware:Host:Host and type = "Nginx"', ['S1']],
    ['not #Element:Maintainer:Pattern:Pattern', ['S0', 'S1', 'S2']],
  ])('%s', (where, keys) => {
    expect(kept(where)).toEqual(keys)
  })
})

test('XML is opened, asked and closed', () => {
  const asked = 'xpath.evaluate(x, "//host[@id=\'%host.key%\']/@os")'
  const open = 'x := xpath.openDocument(host.scan);'
  const attrs = { scan: '<scan><host id="H" os="Linux"/><host id="I" os="AIX"/></scan>' }
  const written = (body: string) => logOf(moduleText({ body }), { attrs })
  expect(written(`${open} log.info(${asked}); xpath.closeDocument(x);`)).toEqual(["['Linux']"])
  expect(written(`${open} xpath.closeDocument(x); log.info(${asked});`)).toBe('XML')
  expect(written('x := xpath.openDocument(host.key); log.info(x);')).toBe('XML')
  expect(written('log.info(xpath.evaluate(host, "/a"));')).toBe('TYPE')
})

describe('what has no end', () => {
  test.each([
    ['l := []; list.append(l, l); log.info("%l%");', 'TOO_LARGE'],
    ['l := []; list.append(l, l); x := l = [l]; log.info(x);', undefined],
    ['l := []; list.append(l, l); cs := sync.BMC_ComputerSystem(key := host.key, Name := l);', 'TOO_LARGE'],
    [
      'l := [1]; for i in number.range(40) do l := [l, l]; end for; cs := sync.BMC_ComputerSystem(key := host.key); cs.Name := l;',
      'TOO_LARGE',
    ],
    ['l := []; list.append(l, l); m := []; list.append(m, m); log.info(l = m);', 'TOO_LARGE'],
    ['t := table(); t["t"] := t; log.info(json.encode(t));', 'TOO_LARGE'],
    [
      'j := "1"; for i in number.range(15) do j := "%j%,%j%"; end for; j := text.replace(j, "1,", "["); log.info(json.decode(j));',
      'TYPE',
    ],
    ['x := "xxxxxxxxxxxxxxxx"; for i in number.range(60) do x := x + x; end for; log.info(x);', 'TOO_LARGE'],
  ])('%s', (body, problem) => {
    const { written } = evaluateHost(moduleText({ body }))
    expect('error' in written ? written.error : { code: undefined }).toMatchObject({ code: problem })
    if ('error' in written) expect(written.error.line).toBe(14)
  })

  test('a text that is nested as deeply as it may be is evaluated', () => {
    const deep = `${'('.repeat(60)}1${' + 1)'.repeat(60)}${' + 1'.repeat(150)}`
    expect(resultOf(deep)).toBe(211)
  })
})

describe('a root that fails', () => {
  class AwayError extends SluiceError {
    readonly code = 'SLUICE-TEST-01'
    readonly blame = 'repository'
    readonly retry = true
  }

  test('because its graph cannot be asked fails for as long as that lasts', () => {
    const { program } = compile([
      { file: 'm', text: moduleText({ body: 'x := 1; for each si do log.info(x); end for;' }) },
    ])
    const root = new GraphNode('h', 'Host', new Map([['key', 'H']]))
    const graph = {
      follow: () => {
        throw new AwayError('The database is away.')
      },
    }
    const dataset = { has: () => false }
    const result = evaluateRoot(program, root, { graph, dataset, classes: commonClassModel, dataModel: 6 })
    expect(result.type === 'failed' && result.error).toMatchObject({
      problem: 'SURROUNDINGS',
      retry: true,
      blame: 'repository',
      place: { file: 'm', line: 14, column: 13 },
    })
  })

  test('because of its mapping or its data fails again', () => {
    const { result } = evaluateHost(moduleText({ body: 'x := none.a; log.info(x);' }))
    expect(result.type === 'failed' && result.error).toMatchObject({
      problem: 'NO_ATTRIBUTES',
      retry: false,
      blame: 'configuration',
    })
  })
})
