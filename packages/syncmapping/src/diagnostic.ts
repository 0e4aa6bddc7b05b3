/**
 * What can be wrong with a module's text, as data: nothing is thrown for it.
 *
 * @module
 */

/** A stretch of a module's text. Offset and length in UTF-16 units; line and column count from 1, the column in characters. */
export interface Span {
  readonly offset: number
  readonly length: number
  readonly line: number
  readonly column: number
}

/**
 * Every kind of diagnostic, and how grave it is. Errors keep a program from being run; a warning says what was
 * probably not meant; an info what is good to know.
 */
const diagnosticCodes = {
  NO_HEADER: 'error',
  SYNTAX: 'error',
  LEX_UNTERMINATED_STRING: 'error',
  NESTED_TOO_DEEPLY: 'error',
  NO_TAGS: 'error',
  REPEATED_ENTRY: 'error',
  DATAMODEL_UNKNOWN: 'error',
  OVERRIDES_NOT_IMPORTED: 'error',
  SOURCE_NOT_IMPORTED: 'error',
  SOURCE_UNKNOWN: 'error',
  SOURCE_CYCLE: 'error',
  IMPORT_UNKNOWN: 'error',
  IMPORT_VERSION: 'error',
  IMPORT_MISSING: 'warning',
  IMPORT_UNUSED: 'warning',
  MODULE_REPEATED: 'error',
  NAME_REPEATED: 'error',
  NAME_UNKNOWN: 'error',
  NAME_OUT_OF_LOOP: 'error',
  CONSTANT_NOT_CONSTANT: 'error',
  WHERE_UNSUPPORTED: 'error',
  SEARCH_FORBIDDEN: 'error',
  FOR_EACH_UNDECLARED: 'error',
  FOR_EACH_NESTING: 'error',
  FOR_EACH_MISSING: 'warning',
  GROUP_UNDECLARED: 'error',
  GROUP_NESTING: 'error',
  GROUP_REPEATED_EXPAND: 'error',
  JUMP_OUTSIDE_LOOP: 'error',
  TARGET_UNDECLARED: 'error',
  TARGET_UNUSED: 'warning',
  SYNC_NOT_ASSIGNED: 'error',
  CLASS_MISMATCH: 'error',
  KIND_UNKNOWN: 'warning',
  NODE_ATTRIBUTE_UNKNOWN: 'warning',
  TRAVERSAL_UNKNOWN: 'warning',
  CLASS_UNKNOWN: 'warning',
  CLASS_ABSTRACT: 'error',
  ATTRIBUTE_UNKNOWN: 'warning',
  ATTRIBUTE_NOT_ALLOWED: 'error',
  ATTRIBUTE_WRITTEN_TWICE: 'warning',
  KEY_MISSING: 'error',
  NAMESPACE_NOT_LITERAL: 'error',
  PARAMETER_UNNAMED: 'error',
  PARAMETER_REPEATED: 'error',
  PARAMETER_ORDER: 'error',
  REL_SOURCE_DESTINATION: 'error',
  IMPACTED_NOT_ENDPOINT: 'error',
  END_MISMATCH: 'error',
  FUNCTION_FORBIDDEN: 'error',
  FUNCTION_DISCOURAGED: 'warning',
  FUNCTION_UNKNOWN: 'error',
  FUNCTION_ARGUMENTS: 'error',
  USER_FUNCTION: 'error',
  ASSIGN_TO_CONSTANT: 'error',
  ASSIGN_TO_LOOP_VARIABLE: 'error',
  ASSIGN_TO_SOURCE: 'error',
  ASSIGN_COUNT: 'error',
  VARIABLE_UNUSED: 'warning',
  REGEX_INVALID: 'error',
  REGEX_UNSUPPORTED: 'error',
  XPATH_INVALID: 'error',
  NUMBER_INVALID: 'error',
  EMPTY_STATEMENT: 'warning',
  SEMICOLON_MISSING: 'warning',
  OVERRIDDEN_TWICE: 'warning',
  MAPPING_OVERRIDDEN: 'info',
} as const satisfies Readonly<Record<string, Severity>>

export type Severity = 'error' | 'warning' | 'info'
export type DiagnosticCode = keyof typeof diagnosticCodes

export interface Diagnostic {
  readonly code: DiagnosticCode
  readonly severity: Severity
  /** One sentence. */
  readonly message: string
  /** What to write instead, where that can be said. */
  readonly remedy: string | undefined
  /** The module's file as it was given to the parser. */
  readonly file: string
  readonly at: Span
  /** Another place that has to do with it. */
  readonly related?: { readonly file: string; readonly at: Span }
}

/** Where checks put what they find in one module. */
export type Report = (code: DiagnosticCode, at: Span, message: string, remedy?: string) => void

/** Gathers what is reported of a file. */
export function reportInto(file: string, diagnostics: Diagnostic[]): Report {
  return (code, at, message, remedy) => {
    diagnostics.push({ code, severity: severityOf(code), message, remedy, file, at })
  }
}

export function severityOf(code: DiagnosticCode): Severity {
  return diagnosticCodes[code]
}

/** In the order of the text, each once. */
export function inOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const seen = new Set<string>()
  return [...diagnostics]
    .sort((a, b) => a.at.offset - b.at.offset || rank(a) - rank(b))
    .filter(({ code, at, file }) => {
      const name = `${file}\n${at.offset}\n${code}`
      return !seen.has(name) && Boolean(seen.add(name))
    })
}

function rank({ severity }: Diagnostic): number {
  return ['error', 'warning', 'info'].indexOf(severity)
}
