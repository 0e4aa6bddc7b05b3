/**
 * What modules look like once they are formatted, and that they mean what they meant.
 */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { generatedModule } from '../../test/generated-modules.ts'
import { moduleText } from '../../test/module-text.ts'
import { tplServices } from '../grammar/tpl-services.ts'
import { readModule } from '../read/read-module.ts'
import { formatModule } from './format-module.ts'

function formatted(text: string): string {
  const result = formatModule('m', text)
  if (result.type === 'unreadable')
    throw new TypeError(result.diagnostics.map(({ message }) => message).join())
  return result.text
}

/** The tree without its places. */
function treeOf(text: string): unknown {
  const { tree } = readModule('m', text)
  return JSON.parse(
    JSON.stringify({ ...tree, text: '' }, (key, value) =>
      /^(?:at|operatorAt)$/.test(key) ? undefined : typeof value === 'bigint' ? `${value}n` : value,
    ),
  )
}

/** Every word, sign and text, and every comment, each kind in its order. */
function written(text: string): readonly string[] {
  const { tokens, hidden } = tplServices().parser.Lexer.tokenize(text)
  const skipped = tokens.filter(({ tokenType }) => tokenType.name === 'SKIPPED')
  const comments = hidden.filter(
    ({ image, startOffset }) =>
      image.startsWith('//') &&
      !skipped.some((one) => startOffset > one.startOffset && startOffset < (one.endOffset ?? 0)),
  )
  const words = tokens.map(({ image, tokenType }) =>
    tokenType.name === 'QUALIFIED_STRING' ? image.replace(/^([a-z_]+)\s*/, '$1 ') : image,
  )
  // Signs that say nothing go: `,` at the end of a list, `;` after a semicolon.
  const kept = words.filter(
    (word, index) => !(word === ',' && words[index + 1] === ']') && !isIdle(word, words[index - 1]),
  )
  return [...kept, ...comments.map(({ image }) => image.trimEnd())]
}

function isIdle(word: string, before: string | undefined): boolean {
  return word === ';' && [';', 'do', 'then', 'else', 'body'].includes(before ?? '')
}

const cases = globSync('test/cases/syncmapping/[0-9]*.json').flatMap((file) => {
  const { modules } = JSON.parse(readFileSync(file, 'utf8'))
  return modules.map((text: string, index: number) => ({ name: `${file} ${index + 1}`, text }))
})
const field = globSync('*.tpl', { cwd: 'packages/syncmapping/test/field' }).map((name) => ({
  name,
  text: readFileSync(join('packages/syncmapping/test/field', name), 'utf8'),
}))

function expectSame(text: string): void {
  const once = formatted(text)
  expect(treeOf(once)).toEqual(treeOf(text))
  expect(written(once)).toEqual(written(text))
  expect(formatted(once)).toBe(once)
}

describe('formatting keeps what a module says, and changes nothing when done again', () => {
  test('whatever the module is', () => {
    fc.assert(fc.property(generatedModule, expectSame), { numRuns: 60 })
  })

  test.each([...cases, ...field])('$name', ({ text }) => expectSame(text))
})

test('a formatted module has one style', () => {
  expect(formatted(messy)).toBe(tidy)
})

test.each([
  ['a mistake', 'tpl 1.15 module A;\nsyncmapping M 1.0 end syncmapping;'],
  ['a text that does not end', 'tpl 1.15 module A;\ntable t 1.0 "a" -> "b; end table;'],
  ['no header', 'table t 1.0 "a" -> "b"; end table;'],
  ['a sign that means nothing', 'tpl 1.15 module A; §'],
])('what cannot be read is left alone: %s', (_, text) => {
  expect(formatModule('m', text).type).toBe('unreadable')
})

const messy = `// About it.
tpl 1.15 module A; // 2026
metadata origin:="x";tree_path:='a','b';end metadata;
from CMDB.X import A 1.0 as B,C 2.0;
pattern P 1.0 // inside
 x end pattern;
table t 1.0 "a"->"b",1; default -> [1,2,]; end table;
syncmapping M 1.0
    """d
   more""" overview tags a,b; // tags
   datamodel 1,2;
end overview; constants

  k:=1; // constant

 end constants;
mapping from A.x from B.y where z="1" and (q exists or r matches regex'^a') // why
  from C.z as host
 traverse :Rel as r,n
 // target
 t->X; group g expand group as m end expand; end group; end traverse; end mapping;
body x := -a - b ; ; if (a) then ; else y(a, // first
 b); end if;


 z := h.#:Rel::; // tail
 computersystem := sync.BMC_ComputerSystem(key:=host.key,Name:="a name that is long", Other := text.lower(host.os));
 if host.operating_system = "Linux" and host.version_number >= 12 or not host.is_virtual_machine then stop; elif b then
 // nothing
 end if;
 doc:= sync.shared.BMC_Document(
   // own
   key:= ssl_dt.key // behind
   ,name:= ssl_dt.name or ssl_dt.type,   // other
   // third
   kind := a or // why
     b

   // last
   );
 x := "the first part of a long text of which there is more to come, " + text.join(['a','b',], ", ") + ", and the rest";
 y := // odd
   5;
 for $in in [1,2] do x.y["a"][-1]:=not a in b; end for;

end body; end syncmapping;
// end`

const tidy = `// About it.
tpl 1.15 module A; // 2026

metadata
    origin := "x";
    tree_path := 'a', 'b';
end metadata;

from CMDB.X import A 1.0 as B, C 2.0;

pattern P 1.0 // inside
 x end pattern;

table t 1.0
    "a" -> "b", 1;
    default -> [1, 2];
end table;

syncmapping M 1.0
    """d
   more"""
    overview
        tags a, b; // tags
        datamodel 1, 2;
    end overview;
    constants
        k := 1; // constant
    end constants;
    mapping
        from A.x
        from B.y
        where z = "1" and (q exists or r matches regex '^a') // why
        from C.z
        as host
        traverse :Rel as r, n
            // target
            t -> X;
            group g
                expand group as m
                end expand;
            end group;
        end traverse;
    end mapping;
    body
        x := -a - b;
        if (a) then
        else
            y(
                a, // first
                b
            );
        end if;

        z := h.#:Rel::; // tail
        computersystem := sync.BMC_ComputerSystem(
            key := host.key,
            Name := "a name that is long",
            Other := text.lower(host.os)
        );
        if host.operating_system = "Linux"
                and host.version_number >= 12
                or not host.is_virtual_machine then
            stop;
        elif b then
            // nothing
        end if;
        doc := sync.shared.BMC_Document(
            // own
            key := ssl_dt.key, // behind
            name := ssl_dt.name or ssl_dt.type, // other
            // third
            kind := a
                or // why
                b
            // last
        );
        x := "the first part of a long text of which there is more to come, "
            + text.join(['a', 'b'], ", ")
            + ", and the rest";
        y := // odd
            5;
        for $in in [1, 2] do
            x.y["a"][-1] := not a in b;
        end for;
    end body;
end syncmapping;

// end
`

test('what has room on its line is not broken because of what follows on others', () => {
  const parameters = [
    'key := host.key',
    'First := row[0]',
    'Second := "x" + text.hash(host.key)',
    'Third := a or b',
  ]
  const call = (...lines: readonly string[]) => lines.join(',\n                ')
  const body = `computersystem := sync.BMC_ComputerSystem(
                ${call(...parameters, ...parameters.map((one) => `Another${one.replace('key :=', 'Key :=')}`))}
            );`
  const lines = formatted(moduleText({ body }))
    .split('\n')
    .map((one) => one.trim())
  for (const parameter of parameters) expect(lines).toContain(`${parameter},`)
})
