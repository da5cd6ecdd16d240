// Watches a log for failures: node watch_log.mjs LOG [ROUNDS]
// The log is read anew each time it has grown, and what was seen is not said again.
import { stat } from 'node:fs/promises'
import { argv } from 'node:process'
import { setTimeout } from 'node:timers/promises'
import { events } from 'sspr'

const [log, rounds = Infinity] = argv.slice(2)
let seen = -1
let last = 0
for (let round = 0; round < rounds; round += 1) {
  if (round > 0) await setTimeout(5_000)
  const { size } = await stat(log)
  if (size === seen) continue
  seen = size
  for await (const batch of events.read(log)) {
    for (const event of batch) {
      if ((event.record ?? 0) <= last) continue
      last = event.record
      const known = events.lookUp(event.provider, event.id)
      if (known?.stage !== 'failure') continue
      const { person } = events.parseMessage(events.text(event))
      console.log(`${event.time?.toISOString()} ${event.id} ${person}: ${events.cause(event)?.title ?? known.meaning}`)
    }
  }
}
