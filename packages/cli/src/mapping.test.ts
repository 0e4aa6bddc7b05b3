/**
 * `sluice mapping` at the command line.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { callCommandLine } from '../test/call-command-line.ts'

const folder = mkdtempSync(join(tmpdir(), 'sluice-mapping-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const module = `tpl 1.15 module A;

syncmapping M 1.0
    "Test."
    overview
        tags CMDB;
    end overview;
    mapping on Host as host
        cs -> BMC_ComputerSystem;
    end mapping;
    body
        cs := sync.BMC_ComputerSystem(key := host.key, Name := "%host.name%");
    end body;
end syncmapping;
`
const graph = { nodes: [{ id: 'h', kind: 'Host', attrs: { key: 'K' } }] }
const expected = { cis: [{ class: 'BMC_ComputerSystem', key: 'K', attrs: { Name: 'None' } }], rels: [] }
const one = { title: 'a host', modules: [module], graph, root: 'h', expect: expected }
const classes = { BMC_ComputerSystem: { super: null, attrs: ['name'] } }

mkdirSync(join(folder, 'cases'))
for (const [file, content] of Object.entries({
  'a.tpl': module,
  'wrong.tpl': module.replace('host.key,', 'hots.key'),
  'messy.tpl': module.replaceAll('    ', ' '),
  'graph.json': JSON.stringify(graph),
  'classes.json': JSON.stringify(classes),
  'kinds.yaml': 'kinds:\n  Host:\n    attrs: [key, names]\n',
  'own.tpl': module
    .replace('module A;', 'module B;\nfrom A import M 1.0;')
    .replace('syncmapping M', 'syncmapping Own')
    .replace('tags CMDB;', 'tags CMDB;\n        overrides M;'),
  'where.tpl': module.replace('on Host', 'on Host where name <> "x"'),
  'broken.json': '{',
  'cases/right.json': JSON.stringify(one),
  'cases/bad.json': JSON.stringify({ title: 'no header', text: 'x', code: 'NO_HEADER', line: 1, column: 1 }),
})) {
  writeFileSync(join(folder, file), content)
}

const mapping = (...args: readonly string[]) => callCommandLine(folder, ['mapping', ...args])

test('checks modules, with a place and a remedy for each mistake', async () => {
  expect(await mapping('check', 'a.tpl')).toEqual({
    status: 0,
    stdout: 'No errors, 0 warnings in 1 file.\n',
    stderr: '',
  })
  const { status, stdout } = await mapping('check', 'wrong.tpl')
  expect(status).toBe(1)
  expect(stdout).toContain('wrong.tpl:12:55: error SYNTAX: Expected')
})

test('checks against a class model, and prints JSON for scripts', async () => {
  const { status, stdout } = await mapping('check', 'a.tpl', '--cdm', 'classes.json', '--json')
  expect(status).toBe(0)
  expect(JSON.parse(stdout)).toEqual([
    {
      file: 'a.tpl',
      line: 12,
      column: 56,
      length: 4,
      severity: 'warning',
      code: 'ATTRIBUTE_UNKNOWN',
      message: 'BMC_ComputerSystem has no attribute Name, so that it is ignored.',
      remedy: 'Did you mean "name"?',
    },
  ])
})

test('runs one root, and says what was probably not meant', async () => {
  const asJson = await mapping('run', 'a.tpl', '--graph', 'graph.json', '--root', 'h', '--json', '--trace')
  expect(asJson.status).toBe(0)
  expect(JSON.parse(asJson.stdout)).toEqual(expected)
  expect(asJson.stderr).toBe(
    'a.tpl:12:15: M: cs := BMC_ComputerSystem "K"\n' +
      'a.tpl:12:64: warning NONE_IN_TEXT: %host.name% has no value, so this text contains the word "None".\n',
  )
  const asText = await mapping('run', 'a.tpl', '--graph', 'graph.json', '--root', 'h')
  expect(asText.stdout).toBe('BMC_ComputerSystem K\n    Name = "None"\n')
})

test('runs nothing that has errors, and names a root that is not there', async () => {
  const wrong = await mapping('run', 'wrong.tpl', '--graph', 'graph.json', '--root', 'h', '--json')
  expect(wrong).toMatchObject({ status: 1, stdout: '' })
  expect(wrong.stderr).toContain('wrong.tpl:12:55: error SYNTAX')
  const nowhere = await mapping('run', 'a.tpl', '--graph', 'graph.json', '--root', 'x')
  expect(nowhere.stderr).toContain('SLUICE-MAPPING-02')
})

test('says what is wrong with the files that it is given', async () => {
  expect(await mapping('run', 'a.tpl', '--graph', 'broken.json', '--root', 'h')).toMatchObject({ status: 2 })
  expect(await mapping('run', 'a.tpl', '--graph', 'classes.json', '--root', 'h')).toMatchObject({ status: 2 })
  expect(await mapping('check', 'none.tpl')).toMatchObject({ status: 2 })
  expect(await mapping('run', 'a.tpl', '--graph', 'graph.json', '--root', 'h', '--dm', '7')).toMatchObject({
    status: 2,
  })
})

test('runs cases, a line for each', async () => {
  const right = await mapping('test', 'cases')
  expect(right).toEqual({
    status: 0,
    stdout: 'cases/bad.json ok  no header\ncases/right.json ok  a host\n2 ok, 0 failed\n',
    stderr: '',
  })
  writeFileSync(
    join(folder, 'cases', 'wrong.json'),
    JSON.stringify({ ...one, expect: { cis: [], rels: [] } }),
  )
  const wrong = await mapping('test', 'cases')
  expect(wrong.status).toBe(1)
  expect(wrong.stdout).toContain(
    'cases/wrong.json FAIL  a host\n    not expected: ci {"class":"BMC_ComputerSystem"',
  )
})

test('prints modules in one style, or says which it would', async () => {
  expect(await mapping('format', 'messy.tpl', 'a.tpl', '--check')).toEqual({
    status: 1,
    stdout: 'messy.tpl\n',
    stderr: '',
  })
  expect(await mapping('format', 'messy.tpl', 'a.tpl', '--write')).toEqual({
    status: 0,
    stdout: 'messy.tpl\n',
    stderr: '',
  })
  expect(readFileSync(join(folder, 'messy.tpl'), 'utf8')).toBe(module)
  expect(await mapping('format', 'messy.tpl', '--check')).toMatchObject({ status: 0, stdout: '' })
})

test('leaves a module as it is that cannot be read, and says why', async () => {
  const before = readFileSync(join(folder, 'wrong.tpl'), 'utf8')
  const { status, stdout, stderr } = await mapping('format', 'wrong.tpl', 'a.tpl')
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
  expect(stderr).toContain('wrong.tpl:12:55: error SYNTAX')
  expect(stderr).toContain('1 file cannot be read and was not changed.')
  expect(readFileSync(join(folder, 'wrong.tpl'), 'utf8')).toBe(before)
})

const project = join(folder, 'project')
mkdirSync(join(project, 'modules'), { recursive: true })
mkdirSync(join(project, 'graph'))
for (const [file, content] of Object.entries({
  'sluice.yaml':
    'entityTypes:\n  BMC_ComputerSystem:\n    properties: {SyncKey: string, Nam: string}\nsources:\n  graph: {graph: {modules: no-such-folder, files: graph}}\nrepository: ./repository\n',
  'modules/a.tpl': module,
  'case.json': JSON.stringify({ ...one, modules: [{ file: 'modules' }], expect: { cis: [], rels: [] } }),
  'nowhere.json': JSON.stringify({ ...one, modules: [{ file: 'no.tpl' }] }),
  'graph/nodes.jsonl':
    '{"id":"h","kind":"Host","attributes":{"key":"K","name":"N"}}\n\n{"id":"c","kind":"C"}\n',
  'graph/relationships.jsonl':
    '{"from":"h","fromRole":"A","kind":"B","toRole":"C","to":"c","attributes":{"weight":1}}\n',
})) {
  writeFileSync(join(project, file), content)
}

const inProject = (...args: readonly string[]) => callCommandLine(project, ['mapping', ...args])

test('takes the model of the project for the class model, whatever is wrong with its sources, unless one is named', async () => {
  const own = await inProject('check', 'modules')
  expect(own.stdout).toContain('BMC_ComputerSystem has no attribute Name, so that it is ignored.')
  expect(own.stdout).toContain('Did you mean "Nam"?')
  const ofProject = await mapping('check', 'a.tpl', '--project', 'project')
  expect(ofProject.stdout).toContain('Did you mean "Nam"?')
  const named = await inProject('check', 'modules', '--cdm', '../classes.json')
  expect(named.stdout).toContain('Did you mean "name"?')
  expect((await mapping('check', 'a.tpl', '--project', 'nowhere')).status).toBe(1)
})

test('runs cases whose modules are files, as seen from the case', async () => {
  const outcome = await callCommandLine(folder, [
    'mapping',
    'test',
    'project/case.json',
    '--project',
    'project',
  ])
  expect(outcome.stdout).toBe(
    'project/case.json FAIL  a host\n    not expected: ci {"class":"BMC_ComputerSystem","key":"K"}\n0 ok, 1 failed\n',
  )
  expect(await inProject('test', 'nowhere.json')).toMatchObject({ status: 2 })
})

test('runs a root of a folder of JSON Lines, and names the line that is not understood', async () => {
  const outcome = await mapping('run', 'a.tpl', '--graph', 'project/graph', '--root', 'h')
  expect(outcome.stdout).toBe('BMC_ComputerSystem K\n    Name = "N"\n')
  writeFileSync(join(project, 'graph', 'nodes.jsonl'), '{"id":"h","kind":"Host"}\n{"id":1}\n')
  const wrong = await mapping('run', 'a.tpl', '--graph', 'project/graph', '--root', 'h')
  expect(wrong).toMatchObject({ status: 2 })
  expect(wrong.stderr).toContain('nodes.jsonl:2')
})

test('checks against the kinds of a graph, or those that are said of it', async () => {
  const ofGraph = await mapping('check', 'a.tpl', '--graph', 'graph.json')
  expect(ofGraph.stdout).toContain(
    'a.tpl:12:71: warning NODE_ATTRIBUTE_UNKNOWN: Nodes of kind Host have no attribute name',
  )
  const ofModel = await mapping('check', 'a.tpl', '--kinds', 'kinds.yaml')
  expect(ofModel.stdout).toContain('→ Did you mean "names"?')
  expect(await mapping('check', 'a.tpl', '--kinds', 'graph.json')).toMatchObject({ status: 2 })
})

test('lets where clauses have what searches have, where that is wanted', async () => {
  const refused = await mapping('check', 'where.tpl')
  expect(refused).toMatchObject({ status: 1, stdout: expect.stringContaining('WHERE_UNSUPPORTED') })
  expect(await mapping('check', 'where.tpl', '--extended-where')).toMatchObject({ status: 0 })
  const run = await mapping(
    'run',
    'where.tpl',
    '--extended-where',
    '--graph',
    'graph.json',
    '--root',
    'h',
    '--json',
  )
  expect(JSON.parse(run.stdout)).toEqual(expected)
})

test('lists mappings that are overridden', async () => {
  const { status, stdout } = await mapping('check', 'a.tpl', 'own.tpl')
  expect(status).toBe(0)
  expect(stdout).toContain('a.tpl:3:13: info MAPPING_OVERRIDDEN: M is overridden by Own of B (own.tpl:4).')
  expect(stdout).toContain('No errors, 0 warnings in 2 files.')
  const asJson = await mapping('check', 'a.tpl', 'own.tpl', '--json')
  expect(JSON.parse(asJson.stdout)).toMatchObject([
    { file: 'a.tpl', line: 3, severity: 'info', related: { file: 'own.tpl', line: 4, column: 13 } },
  ])
})

test('shows what a mapping says otherwise than the one that it overrides', async () => {
  expect(await mapping('diff', 'a.tpl', 'own.tpl')).toEqual({
    status: 0,
    stderr: '',
    stdout: `--- A.M 1.0 (a.tpl)
+++ B.Own 1.0 (own.tpl)
@@ -3,7 +4,8 @@
-syncmapping M 1.0
+syncmapping Own 1.0
     "Test."
     overview
         tags CMDB;
+        overrides M;
     end overview;
     mapping on Host as host
         cs -> BMC_ComputerSystem;
`,
  })
  const one = await mapping('diff', 'a.tpl', 'own.tpl', '--mapping', 'A.M', '--json')
  expect(JSON.parse(one.stdout)).toMatchObject([
    {
      overridden: { mapping: 'M', line: 3 },
      overriding: { mapping: 'Own' },
      hunks: [{ oldStart: 3, newStart: 4 }],
    },
  ])
  expect(await mapping('diff', 'a.tpl', '--mapping', 'M')).toMatchObject({ status: 2 })
  expect(await mapping('diff', 'a.tpl')).toEqual({ status: 0, stdout: '', stderr: '' })
})
