// Watches logs for failures, bursts and silence: node watch_log.mjs LOGS [STATE [ROUNDS]]
// LOGS is a log, or a folder with logs of any kind that grow. STATE is a file: with it, another run goes on
// where this one ended, and nothing is told twice or forgotten.
import { argv } from 'node:process'
import { setTimeout } from 'node:timers/promises'
import { watch } from 'sspr'

const [logs, kept, rounds = Infinity] = argv.slice(2)
const seen = new watch.Watch(logs, { state: kept ? await watch.WatchState.load(kept) : null })

/** Kept before and after notices are told: whenever the program ends, none is lost. */
const keep = async () => {
  if (kept) await seen.state.save(kept)
}

for (let round = 0; round < rounds; round += 1) {
  if (round > 0) await setTimeout(5_000)
  await seen.look()
  await keep()
  const { untold } = seen
  for (const { at, kind, user, log, message } of untold) console.log(`${at.toISOString()} ${kind} ${user ?? log}: ${message}`)
  seen.told(untold.length)
  await keep()
}
