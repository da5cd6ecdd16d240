// Node's part of the benchmark: prints milliseconds and megabytes.
import { createRequire } from 'node:module'
import { argv, env, memoryUsage, resourceUsage } from 'node:process'

import { assess, events } from 'sspr'

const [what, path, more] = argv.slice(2)
const now = () => performance.now()

const parts = {
  async assess() {
    const times = []
    for (let round = 0; round < 25; round += 1) {
      const start = now()
      const report = await assess(path, { asOf: new Date(more) })
      if (report.verdict !== 'fail') throw new Error(report.verdict)
      times.push(now() - start)
    }
    const warm = times.slice(10).sort((a, b) => a - b)
    return [warm[Math.floor(warm.length / 2)], 0]
  },

  async events() {
    const before = memoryUsage.rss()
    const start = now()
    let rows = 0
    let refused = 0
    for await (const batch of events.read(path, { providers: [] })) {
      rows += batch.length
      for (const event of batch) if (event.id === 33008) refused += 1
    }
    const took = now() - start
    if (rows !== Number(more) || refused === 0) throw new Error(`${rows} rows`)
    return [took, (resourceUsage().maxRSS * 1024 - before) / 1e6]
  },

  async arrow() {
    const start = now()
    const bytes = await events.readArrow(path, { providers: [] })
    const { tableFromIPC } = createRequire(`${env.SSPR_ARROW}/`)('apache-arrow')
    const ids = tableFromIPC(bytes).getChild('id')
    let refused = 0
    for (const id of ids) if (id === 33008) refused += 1
    if (ids.length !== Number(more) || refused === 0) throw new Error(`${ids.length} rows`)
    return [now() - start, bytes.length / 1e6]
  },
}

const [first, second] = await parts[what]()
console.log(first, second)
