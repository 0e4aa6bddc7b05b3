/** Loads what draws graphs when the first one is shown. @module */
import { Center, Loader } from '@mantine/core'
import { type ComponentProps, lazy, type ReactNode, Suspense } from 'react'
import type { GraphView } from './graph-view.tsx'

const Loaded = lazy(async () => {
  const { GraphView: component } = await import('./graph-view.tsx')
  return { default: component }
})

export function Graph(props: ComponentProps<typeof GraphView>): ReactNode {
  const waiting = (
    <Center h={props.height ?? 560} aria-busy="true">
      <Loader size="sm" />
    </Center>
  )
  return (
    <Suspense fallback={waiting}>
      <Loaded {...props} />
    </Suspense>
  )
}
