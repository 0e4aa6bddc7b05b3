/**
 * The first that somebody sees who is not signed in. What was asked for opens afterwards: its address stays.
 *
 * @module
 */
import { Alert, Anchor, Center, Code, Divider, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import { IconKey } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { ask, type Reply } from '../api/ask.ts'
import { texts } from '../texts/texts.ts'
import { PasswordForm } from './password-form.tsx'
import { ProviderButton } from './provider-button.tsx'
import { TokenForm } from './token-form.tsx'
import { signInProblem } from './where-to.ts'

const { signIn } = texts.people

export function SignInPage(): ReactNode {
  useDocumentTitle(`${signIn.title} · Sluice`)
  const [byToken, setByToken] = useState(false)
  const { data: options } = useQuery({
    queryKey: ['sign-in-options'],
    queryFn: () => ask('GET /sign-in-options'),
  })
  return (
    <Center mih="100vh" p="md" component="main" bg="var(--mantine-color-body)">
      <Stack w="100%" maw={360} gap="lg">
        <Brand />
        <Paper p="lg" radius="md">
          <Stack gap="md">
            <Title order={1}>{signIn.title}</Title>
            <ProviderProblem />
            {options?.openIdConnect && <ProviderButton provider={options.openIdConnect} />}
            {options?.openIdConnect && <Divider label={signIn.or} />}
            {byToken ? <TokenForm /> : <PasswordForm />}
            {options !== undefined && !byToken && <NoAccountYet options={options} />}
            <Anchor component="button" size="sm" ta="left" onClick={() => setByToken(!byToken)}>
              {byToken ? signIn.byPassword : signIn.byToken}
            </Anchor>
          </Stack>
        </Paper>
      </Stack>
    </Center>
  )
}

function Brand(): ReactNode {
  return (
    <Group gap="xs" justify="center">
      <img src="icon.svg" width={28} height={28} alt="" />
      <Text fw={700} size="xl">
        {texts.common.product}
      </Text>
    </Group>
  )
}

/** What came of signing in at a provider. */
function ProviderProblem(): ReactNode {
  const code = signInProblem(location.href)
  if (code === undefined) return null
  const problems: Readonly<Record<string, string>> = signIn.problems
  return (
    <Alert color="red" role="alert" title={problems[code] ?? signIn.problem}>
      <Code>{code}</Code>
    </Alert>
  )
}

function NoAccountYet({ options }: { readonly options: Reply<'GET /sign-in-options'> }): ReactNode {
  if (options.accounts || options.openIdConnect !== null) return null
  return (
    <Alert color="gray" icon={<IconKey size={16} />} title={signIn.noAccount}>
      <Text size="sm">{signIn.addOne}</Text>
      <Code block mt={6}>
        {signIn.addCommand}
      </Code>
    </Alert>
  )
}
