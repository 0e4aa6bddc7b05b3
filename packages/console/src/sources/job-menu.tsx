/**
 * Jobs that agents have announced: an agent has what is needed to export a source, so a server has one of its jobs started, or stopped.
 *
 * @module
 */
import { Button, Loader, Menu } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconPlayerPlay, IconPlayerStop } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { ask, type Reply } from '../api/ask.ts'
import { live } from '../api/query-client.ts'
import { texts } from '../texts/texts.ts'

const { actions: words } = texts.sources

type Job = Reply<'GET /jobs'>['jobs'][number]

export function JobMenu(): ReactNode {
  const { data } = useQuery({
    queryKey: ['jobs'],
    queryFn: () => ask('GET /jobs'),
    ...live,
  })
  const jobs = data?.jobs ?? []
  // A source is synchronized without one, too.
  if (jobs.length === 0) return null
  const isAtWork = jobs.some(({ atWork }) => atWork !== null)
  return (
    <Menu position="bottom-end" width={280}>
      <Menu.Target>
        <Button
          variant="default"
          leftSection={isAtWork ? <Loader size={14} aria-hidden /> : <IconPlayerPlay size={14} />}
        >
          {isAtWork ? words.jobsAtWork : words.start}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {jobs.map((job) => (
          <JobItem key={`${job.job} ${job.agent.agent}`} job={job} />
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

function JobItem({ job: { job, agent, atWork } }: { readonly job: Job }): ReactNode {
  const stops = atWork !== null
  const client = useQueryClient()
  const { mutate } = useMutation({
    mutationFn: async () => {
      const asked = { params: { job }, body: { agent: agent.agent } }
      if (stops) await ask('POST /jobs/:job/stop', asked)
      else await ask('POST /jobs/:job/start', asked)
    },
    onSuccess: () =>
      notifications.show({
        color: 'teal',
        title: stops ? words.stopAsked(job) : words.startAsked(job),
        message: words.startAskedHelp,
      }),
    onError: (error) => notifications.show({ color: 'red', message: error.message }),
    onSettled: () => client.invalidateQueries({ queryKey: ['jobs'] }),
  })
  if (!agent.there)
    return (
      <Menu.Item disabled leftSection={<IconPlayerPlay size={14} />}>
        {words.jobAway(job, agent.host)}
      </Menu.Item>
    )
  return (
    <Menu.Item
      color={stops ? 'red.8' : undefined}
      leftSection={stops ? <IconPlayerStop size={14} /> : <IconPlayerPlay size={14} />}
      onClick={() => mutate()}
    >
      {stops ? words.stopJob(job, agent.host) : words.startJob(job, agent.host)}
    </Menu.Item>
  )
}
