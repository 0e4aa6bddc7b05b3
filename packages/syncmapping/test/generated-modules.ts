/**
 * Modules that are made by chance: all that the grammar allows, written as nobody would write it.
 *
 * @module
 */
import fc from 'fast-check'

type Tokens = readonly string[]

const name = fc.constantFrom('a', 'b', 'host', 'cs', 'si', '$in', 'tags', 'group', 'type', 'mapping')
const plainName = fc.constantFrom('a', 'b', 'host', 'cs', 'si')
const text = fc.constantFrom(
  ...['"x"', "'y'", '""', '"%a.b% 5%"', '"%%"', '"\\"q\\\\"', '"""long\n  text"""', "'''a 'b'\n'''"],
  ...['raw "\\d"', "regex  '^a+$'", 'unix_cmd"ls"', 'raw """%i\n"""'],
)
const number = fc.constantFrom('0', '1', '0x1F', '2.5')
const comma = (parts: readonly Tokens[]): Tokens =>
  parts.flatMap((part, index) => (index === 0 ? part : [',', ...part]))
const joined = (...parts: readonly fc.Arbitrary<Tokens>[]): fc.Arbitrary<Tokens> =>
  fc.tuple(...parts).map((all) => all.flat())
const just = (...tokens: Tokens): fc.Arbitrary<Tokens> => fc.constant(tokens)
const one = (token: fc.Arbitrary<string>): fc.Arbitrary<Tokens> => token.map((image) => [image])
const some = (part: fc.Arbitrary<Tokens>, least = 0, most = 3): fc.Arbitrary<Tokens> =>
  fc.array(part, { minLength: least, maxLength: most }).map((parts) => parts.flat())
const listed = (part: fc.Arbitrary<Tokens>, least = 1, most = 4): fc.Arbitrary<Tokens> =>
  fc.array(part, { minLength: least, maxLength: most }).map(comma)

const spec: fc.Arbitrary<Tokens> = fc.constantFrom<Tokens>(
  ['Host', ':', 'HostedSoftware', ':', 'RunningSoftware', ':', 'SoftwareInstance'],
  [':', 'Rel'],
  ['A', ':', ':', ':', 'Kind'],
  [':', ':', ':'],
)

const operators = ['or', 'and', '=', '<>', '<=', '<', '>=', '>', 'matches', 'in', '+', '-', '*', '/', '%']
const operator: fc.Arbitrary<Tokens> = fc.constantFrom<Tokens>(
  ...operators.map((sign): Tokens => [sign]),
  ...[
    ['not', 'in'],
    ['has', 'subword'],
    ['has', 'substring'],
  ],
)

const { expression, statement } = fc.letrec<{ expression: Tokens; statement: Tokens }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    one(fc.oneof(plainName, text, number, fc.constantFrom('true', 'none', 'void'))),
    joined(tie('expression'), operator, tie('expression')),
    joined(just('('), tie('expression'), just(')')),
    joined(just('-'), tie('expression')),
    joined(just('(', 'not'), tie('expression'), just(')')),
    joined(just('(', '('), tie('expression'), just(')', 'exists', ')')),
    joined(just('['), listed(tie('expression'), 0), just(']')),
    joined(just('[', '1', ','), listed(tie('expression')), just(',', ']')),
    joined(one(plainName), just('.', 'x', '['), tie('expression'), just(']')),
    joined(just('text', '.', 'join', '('), listed(tie('expression')), just(')')),
    joined(just('f', '('), tie('expression'), just(',', 'n', ':='), tie('expression'), just(')')),
    joined(one(plainName), just('.#'), spec),
  ),
  statement: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    joined(one(name), just(':='), tie('expression'), just(';')),
    joined(listed(one(plainName), 2), just(':='), listed(tie('expression'), 2), just(';')),
    joined(just('cs', '.', 'Name', ':='), tie('expression'), just(';')),
    joined(just('log', '.', 'info', '('), tie('expression'), just(')', ';')),
    joined(
      just('cs', ':=', 'sync', '.', 'X', '(', 'key', ':='),
      tie('expression'),
      just(',', 'A', ':='),
      tie('expression'),
      just(')', ';'),
    ),
    just('stop', ';'),
    joined(
      just('if'),
      tie('expression'),
      just('then'),
      some(tie('statement')),
      just('elif'),
      tie('expression'),
      just('then'),
      some(tie('statement')),
      just('else'),
      some(tie('statement')),
      just('end', 'if', ';'),
    ),
    joined(just('for', 'each', 'r', ',', 'si', 'do'), some(tie('statement')), just('end', 'for', ';')),
    joined(
      just('for'),
      one(plainName),
      just('in'),
      tie('expression'),
      just('do'),
      some(tie('statement')),
      just('end', 'for', ';'),
    ),
    joined(
      just('group', 'g', 'with'),
      tie('expression'),
      just('do'),
      some(tie('statement')),
      just('end', 'group', ';'),
    ),
    joined(just('datamodel', '2', ',', '3', 'do'), some(tie('statement')), just('end', 'datamodel', ';')),
  ),
}))

const where: fc.Arbitrary<Tokens> = fc.oneof(just(), joined(just('where'), expression))

const { item } = fc.letrec<{ item: Tokens }>((tie) => ({
  item: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    just('cs', '->', 'BMC_ComputerSystem', ';'),
    joined(just('traverse'), spec, where, just('as', 'si'), some(tie('item')), just('end', 'traverse', ';')),
    joined(
      just('traverse'),
      spec,
      just('as', 'r', ',', 'si'),
      some(tie('item')),
      just('end', 'traverse', ';'),
    ),
    joined(
      just('group', 'g'),
      some(tie('item')),
      just('expand', 'group', 'as', 'm'),
      some(tie('item')),
      just('end', 'expand', ';', 'end', 'group', ';'),
    ),
  ),
}))

const source: fc.Arbitrary<Tokens> = fc.oneof(
  joined(just('on', 'Host'), where),
  some(joined(just('from', 'Other', '.', 'host'), where), 1),
)

const declaration: fc.Arbitrary<Tokens> = fc.oneof(
  just('metadata', 'origin', ':=', '"x"', ',', '"y"', ';', 'end', 'metadata', ';'),
  just('from', 'A', '.', 'B', 'import', 'C', '1.0', 'as', 'D', ',', 'E', '2.1', ';'),
  joined(
    just('table', 't', '1.0', '"k"', '->'),
    listed(expression),
    just(';', 'default', '->', '1', ';', 'end', 'table', ';'),
  ),
  joined(
    just('configuration', 'C', '1.0', '"d"', '"x"', 'y', ':='),
    expression,
    just(';', 'end', 'configuration', ';'),
  ),
  just('pattern P 1.0 "d" overview tags x;\n   end overview; end pattern;'),
)

const syncmapping: fc.Arbitrary<Tokens> = joined(
  just('syncmapping', 'M', '1.0', '"""Of a\n  host."""', 'overview', 'tags', 'CMDB', ',', 'Own', ';'),
  fc.constantFrom<Tokens>([], ['datamodel', '1', ',', '2', ';']),
  just('end', 'overview', ';'),
  fc.oneof(just(), joined(just('constants', 'k', ':='), expression, just(';', 'end', 'constants', ';'))),
  joined(just('mapping'), source, just('as', 'host'), some(item), just('end', 'mapping', ';')),
  joined(just('body'), some(statement, 0, 5), just('end', 'body', ';', 'end', 'syncmapping', ';')),
)

const tokens: fc.Arbitrary<Tokens> = joined(
  just('tpl', '1.15', 'module', 'A', '.', 'B', ';'),
  some(declaration),
  some(syncmapping, 1, 2),
)

const between = fc.constantFrom(
  ...[' ', ' ', ' ', ' ', '  ', '\n', '\n', '\t', '\r\n', '\n\n\n', ' // note\n', '\n  // own\n'],
)

/** The text of a module, with blanks and comments anywhere. */
export const generatedModule: fc.Arbitrary<string> = fc
  .tuple(tokens, fc.infiniteStream(between))
  .map(([all, gaps]) => {
    const parts = all.map((token) => `${token}${gaps.next().value ?? ' '}`)
    return parts.join('')
  })
