import { createRootRoute } from '@tanstack/react-router'
import { Shell } from './shell.tsx'

/** Around every page. */
export const shellRoute = createRootRoute({ component: Shell })
