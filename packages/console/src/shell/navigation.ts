/**
 * What stands in the navigation and in the palette, and who sees it.
 *
 * @module
 */
import type { Permission } from '@sluice/model'
import {
  type Icon,
  IconActivityHeartbeat,
  IconArrowsExchange,
  IconBinaryTree2,
  IconChecklist,
  IconCode,
  IconDatabase,
  IconGitMerge,
  IconHistory,
  IconLayoutDashboard,
  IconUsers,
} from '@tabler/icons-react'
import { texts } from '../texts/texts.ts'

interface Destination {
  readonly to: string
  readonly text: string
  readonly icon: Icon
  readonly permission: Permission
  /** Pressed one after the other: `g s`. */
  readonly key: string
}

const { navigation } = texts.common

export const destinations: readonly Destination[] = [
  { to: '/', text: navigation.overview, icon: IconLayoutDashboard, permission: 'follow', key: 'o' },
  { to: '/sources', text: navigation.sources, icon: IconArrowsExchange, permission: 'follow', key: 's' },
  { to: '/runs', text: navigation.runs, icon: IconHistory, permission: 'follow', key: 'r' },
  { to: '/resources', text: navigation.resources, icon: IconDatabase, permission: 'read', key: 'e' },
  { to: '/matches', text: navigation.matches, icon: IconGitMerge, permission: 'read', key: 'm' },
  { to: '/orders', text: navigation.orders, icon: IconChecklist, permission: 'read', key: 'd' },
  { to: '/model', text: navigation.model, icon: IconBinaryTree2, permission: 'read', key: 't' },
  { to: '/mappings', text: navigation.mappings, icon: IconCode, permission: 'read', key: 'y' },
  { to: '/health', text: navigation.health, icon: IconActivityHeartbeat, permission: 'read', key: 'h' },
  { to: '/people', text: navigation.people, icon: IconUsers, permission: 'administer', key: 'p' },
]
