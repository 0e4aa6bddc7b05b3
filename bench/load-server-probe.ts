/**
 * Loaded into the server's process by `load-server.ts`: tells how it is when it is asked.
 *
 * @module
 */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import process from 'node:process'

/** In milliseconds; what is recorded contains the pause itself. */
const resolution = 10
const late = monitorEventLoopDelay({ resolution })
late.enable()

// Whoever measures is gone.
process.on('disconnect', () => process.exit())
process.on('message', () => {
  const { user, system } = process.cpuUsage()
  process.send?.({
    megabytes: Math.round(process.memoryUsage.rss() / 2 ** 20),
    // maxRSS is in kilobytes on every platform.
    mostMegabytes: Math.round(process.resourceUsage().maxRSS / 1024),
    lateP99: Math.max(0, late.percentile(99) / 1e6 - resolution),
    latest: Math.max(0, late.max / 1e6 - resolution),
    cpu: (user + system) / 1000,
  })
  late.reset()
})
