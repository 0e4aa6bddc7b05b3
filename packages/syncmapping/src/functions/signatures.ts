/**
 * How functions are called and what they give, in words.
 *
 * @module
 */

export interface Signature {
  /** As it stands in a body: `(text, [separator]) → list`. */
  readonly call: string
  readonly says: string
}

export const signatures: ReadonlyMap<string, Signature> = new Map(
  (
    [
      ['text.lower', '(text) → text', 'The text in small letters.'],
      ['text.upper', '(text) → text', 'The text in capitals.'],
      ['text.split', '(text, [separator]) → list', 'Its parts; without a separator at white space.'],
      ['text.join', '(list, separator) → text', 'The items of the list, with the separator between them.'],
      ['text.replace', '(text, old, new) → text', 'The text with each `old` replaced.'],
      [
        'text.strip',
        '(text, [characters]) → text',
        'Without white space, or these characters, at both ends.',
      ],
      ['text.leftStrip', '(text, [characters]) → text', 'Without them at its beginning.'],
      ['text.rightStrip', '(text, [characters]) → text', 'Without them at its end.'],
      [
        'text.toNumber',
        '(text, [base]) → number',
        'The number in the text; a text that is not a number fails the root.',
      ],
      ['text.hash', '(text) → text', 'Its MD5, as hexadecimal digits.'],
      ['text.ordinal', '(text) → number', 'The code point of its first character.'],
      ['regex.extract', '(text, pattern, [substitution], [no_match := …]) → text', 'What matches first.'],
      [
        'regex.extractAll',
        '(text, pattern) → list',
        'All that matches: its group, or the list of its groups.',
      ],
      [
        'number.toText',
        '(number, [base := 10], [width := 0]) → text',
        'The number in digits, filled with zeros.',
      ],
      ['number.range', '(length) → list', 'The whole numbers from 0 to below `length`.'],
      ['list.append', '(list, value) → list', 'The list itself, which now ends with the value.'],
      ['list.sorted', '(list, [reverse := false]) → list', 'A sorted copy.'],
      ['table.remove', '(table, key)', 'Takes a row out of the table.'],
      ['table', '([name := value, …]) → table', 'A new table.'],
      ['json.encode', '(value) → text', 'The value as JSON.'],
      ['json.decode', '(text) → value', 'The value of the JSON; a text that is not JSON fails the root.'],
      ['size', '(value) → number', 'Characters of a text, items of a list or table; 0 of none.'],
      ['datatype', '(value) → text', 'The name of the type of a value.'],
      ['time.current', '() → time', 'Now.'],
      [
        'time.delta',
        '([days := 0], [hours := 0], [minutes := 0], [seconds := 0]) → duration',
        'A span of time.',
      ],
      ['time.parseLocal', '(text) → time', 'A time such as 2026-11-29 08:15:30, in local time.'],
      ['time.parseUTC', '(text) → time', 'The same, in UTC.'],
      ['time.formatLocal', '(time, [format]) → text', 'In local time, with the directives of strftime.'],
      ['time.formatUTC', '(time, [format]) → text', 'The same, in UTC.'],
      ['time.toTicks', '(time) → number', 'Tenths of microseconds.'],
      ['time.fromTicks', '(ticks) → time', 'The time of so many ticks.'],
      ['time.deltaFromTicks', '(ticks) → duration', 'A span of so many ticks.'],
      ['binary.toHexString', '(octets, [separator := ""]) → text', 'Two hexadecimal digits for each octet.'],
      ['binary.toIPv4', '(octets) → text', 'The IPv4 address of four octets.'],
      ['binary.toIPv6', '(octets) → text', 'The IPv6 address of sixteen octets.'],
      ['binary.toMACAddress', '(octets) → text', 'The MAC address of six octets.'],
      ['binary.toWWN', '(octets) → text', 'Octets with colons between them.'],
      ['binary.toValue', '(octets) → number', 'The number whose digits the octets are.'],
      ['log.debug', '(text)', 'Writes the text to the log.'],
      ['log.info', '(text)', 'Writes the text to the log.'],
      ['log.warn', '(text)', 'Writes the text to the log, as a warning.'],
      ['log.error', '(text)', 'Writes the text to the log, as an error.'],
      ['log.critical', '(text)', 'Writes the text to the log, as a critical error.'],
      ['related.host', '(node) → node', 'The host that a node runs on or belongs to, or none.'],
      ['related.detailContainer', '(node) → node', 'What a detail belongs to, or none.'],
      [
        'xpath.openDocument',
        '(text) → document',
        'An XML text, opened; a text that is not XML fails the root.',
      ],
      [
        'xpath.evaluate',
        '(document, path) → list',
        'The texts of what an XPath (1.0) reaches; or the text, number or truth that it comes to.',
      ],
      ['xpath.closeDocument', '(document)', 'Closes the document.'],
      ['mail.send', '(to, subject, text)', 'Sends nothing; the log says so.'],
      ['system.getOption', '(name) → value', 'A setting of the system.'],
      ['model.kind', '(node) → text', 'The kind of a node. It is a function of patterns.'],
      [
        'expand',
        '(template, [value, …], [name := value, …]) → text',
        'The template with its `%names%` filled in.',
      ],
    ] as const
  ).map(([name, call, says]) => [name, { call, says }]),
)
