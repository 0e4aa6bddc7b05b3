/**
 * What stands around every page: navigation, search, who is signed in.
 *
 * @module
 */
import {
  ActionIcon,
  AppShell,
  Burger,
  Group,
  Menu,
  NavLink,
  Text,
  Tooltip,
  UnstyledButton,
  useMantineColorScheme,
} from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { spotlight } from '@mantine/spotlight'
import { IconLogout, IconMoon, IconSearch, IconSun, IconUserCircle, IconUserCog } from '@tabler/icons-react'
import { Link, Outlet, useLocation } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useSession } from '../api/session.tsx'
import { texts } from '../texts/texts.ts'
import { useGoKeys } from './go-keys.ts'
import { destinations } from './navigation.ts'
import classes from './shell.module.css'

export function Shell(): ReactNode {
  const [opened, { toggle, close }] = useDisclosure(false)
  useGoKeys()
  return (
    <AppShell
      header={{ height: 48 }}
      navbar={{ width: 208, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      padding="md"
      layout="alt"
    >
      <a href="#content" className={classes['skip']}>
        {texts.common.skip}
      </a>
      <AppShell.Header className="no-print">
        <Header opened={opened} toggle={toggle} />
      </AppShell.Header>
      <AppShell.Navbar className={`${classes['navbar']} no-print`}>
        <Brand opened={opened} toggle={toggle} />
        <Navigation onFollow={close} />
      </AppShell.Navbar>
      <AppShell.Main id="content" className={classes['main']}>
        <Outlet />
      </AppShell.Main>
    </AppShell>
  )
}

interface OpenedProps {
  readonly opened: boolean
  readonly toggle: () => void
}

function Header({ opened, toggle }: OpenedProps): ReactNode {
  return (
    <Group h="100%" px="md" justify="space-between" wrap="nowrap">
      <Group gap="xs" wrap="nowrap" flex={1}>
        <Burger opened={opened} onClick={toggle} hiddenFrom="sm" size="sm" aria-label={texts.common.menu} />
        <UnstyledButton className={classes['search']} onClick={spotlight.open}>
          <IconSearch size={15} />
          <Text size="sm" flex={1} truncate>
            {texts.common.search}
          </Text>
          <kbd className={classes['key']}>Ctrl K</kbd>
        </UnstyledButton>
      </Group>
      <Group gap={4} wrap="nowrap">
        <ColourSwitch />
        <UserMenu />
      </Group>
    </Group>
  )
}

function Brand({ opened, toggle }: OpenedProps): ReactNode {
  return (
    <Group h={48} px="md" gap="xs" wrap="nowrap">
      <Burger opened={opened} onClick={toggle} hiddenFrom="sm" size="sm" aria-label={texts.common.menu} />
      <img src="icon.svg" width={22} height={22} alt="" />
      <Text fw={700} size="lg">
        {texts.common.product}
      </Text>
    </Group>
  )
}

function Navigation({ onFollow }: { readonly onFollow: () => void }): ReactNode {
  const { may } = useSession()
  const { pathname } = useLocation()
  return (
    <nav aria-label={texts.common.menu} className={classes['links']}>
      {destinations
        .filter(({ permission }) => may(permission))
        .map(({ to, text, icon: Icon }) => (
          <NavLink
            key={to}
            component={Link}
            to={to}
            label={text}
            leftSection={<Icon size={17} stroke={1.7} />}
            active={to === '/' ? pathname === '/' : pathname.startsWith(to)}
            onClick={onFollow}
            className={classes['link'] ?? ''}
          />
        ))}
    </nav>
  )
}

function ColourSwitch(): ReactNode {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const isDark =
    colorScheme === 'dark' || (colorScheme === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches)
  return (
    <Tooltip label={texts.common.colour}>
      <ActionIcon aria-label={texts.common.colour} onClick={() => setColorScheme(isDark ? 'light' : 'dark')}>
        {isDark ? <IconSun size={17} /> : <IconMoon size={17} />}
      </ActionIcon>
    </Tooltip>
  )
}

function UserMenu(): ReactNode {
  const { who, signOut } = useSession()
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <ActionIcon aria-label={who.name}>
          <IconUserCircle size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {who.name} · {who.role}
        </Menu.Label>
        <Menu.Item component={Link} to="/account" leftSection={<IconUserCog size={15} />}>
          {texts.common.ownAccount}
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={15} />} onClick={() => void signOut()}>
          {texts.common.signOut}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
