/**
 * A sentence in which what is typed stands between backticks.
 *
 * @module
 */
import { Code } from '@mantine/core'
import { Fragment, type ReactNode } from 'react'

export function WithCode({ children }: { readonly children: string }): ReactNode {
  return [...children.split('`').entries()].map(([number, text]) => (
    <Fragment key={number}>{number % 2 === 1 ? <Code>{text}</Code> : text}</Fragment>
  ))
}
