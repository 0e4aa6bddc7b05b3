/**
 * A sentence in which what is typed stands between backticks.
 *
 * @module
 */
import { Code } from '@mantine/core'
import { Fragment, type ReactNode } from 'react'

export function WithCode({ children }: { readonly children: string }): ReactNode {
  const parts = children.split('`').map((text, at) => ({ text, at, isCode: at % 2 === 1 }))
  return parts.map(({ text, at, isCode }) => (
    <Fragment key={at}>{isCode ? <Code>{text}</Code> : text}</Fragment>
  ))
}
